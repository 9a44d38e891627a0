import { deepEqual, rejects } from "../assert.ts";
import { SharedSubmits } from "../../lib/door/shared_submits.ts";
import type { Upload } from "../../lib/lake/lake.ts";
import { sleep } from "../../lib/sleep.ts";

function uploadOf(name: string): Upload {
  const fields = { orgid: "o", timezone: "UTC", typetag: "t", timestamp: 1 };
  return { name, ...fields, bytes: new Uint8Array(1) };
}

/** A lake that takes a while, and notes what came in one step; `failing` names what it refuses. */
function slowLake(failing?: string) {
  const steps: string[][] = [];
  const lake = {
    submit: async (uploads: readonly Upload[]) => {
      const names = uploads.map(({ name }) => name);
      steps.push(names);
      await sleep(10);
      if (failing !== undefined && names.includes(failing)) throw new Error("away");
      return names.map((name) => `id of ${name}`);
    },
  };
  return { steps, shared: new SharedSubmits(lake) };
}

Deno.test("SharedSubmits put what comes meanwhile into the lake in one step", async () => {
  const { steps, shared } = slowLake();
  const names = ["a", "b", "c", "d"];
  const ids = await Promise.all(names.map((name) => shared.submit([uploadOf(name)])));
  deepEqual(ids, names.map((name) => [`id of ${name}`]));
  deepEqual(steps, [["a"], ["b", "c", "d"]]);
  deepEqual(await shared.submit([uploadOf("e"), uploadOf("f")]), ["id of e", "id of f"]);
  await sleep(20);
  const many = Array.from({ length: 150 }, (_, i) => shared.submit([uploadOf(`${i}`)]));
  await Promise.all(many);
  deepEqual(steps.slice(2).map(({ length }) => length), [2, 1, 64, 64, 21]);
});

Deno.test("SharedSubmits tell everybody whose upload failed, and go on", async () => {
  const { shared } = slowLake("c");
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => shared.submit([uploadOf(name)]));
  deepEqual(await a, ["id of a"]);
  for (const failed of [b!, c!, d!]) await rejects(failed, /away/);
  deepEqual(await shared.submit([uploadOf("e")]), ["id of e"]);
});
