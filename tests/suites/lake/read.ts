import { deepEqual, equal, ok } from "../../assert.ts";
import { Rejected } from "../../../lib/errors.ts";
import { claim, MIB, readAll, succeed, type Test, upload } from "./fixtures.ts";

export function readTests(test: Test): void {
  const sizes = [0, 1, 255 * 1024, 300_000, 9 * MIB];

  test(`read returns files of ${sizes.join(", ")} bytes`, async ({ lake }) => {
    const files = new Map(sizes.map((size) => [`n${size}`, pattern(size)]));
    await lake.submit([...files].map(([name, bytes]) => upload(name, { bytes })));
    const read = (await readAll(lake, await claim(lake))).flat();
    equal(read.length, sizes.length);
    for (const { claim, file } of read) {
      ok(file instanceof Uint8Array);
      equal(file.constructor, Uint8Array);
      ok(sameBytes(file, files.get(claim.entry["name"] as string)));
    }
  });

  test("read makes groups of at most 8 MiB, or of one file", async ({ lake }) => {
    const lengths = [3, 3, 3, 9, 1, 8, 0, 2, 2].map((size) => size * MIB);
    await lake.submit(lengths.map((size, i) => upload(`n${i}`, { bytes: pattern(size) })));
    const claims = await claim(lake);
    const groups = await readAll(lake, claims);
    for (const group of groups) {
      const total = group.reduce((sum, { file }) => sum + (file as Uint8Array).length, 0);
      ok(total <= 8 * MIB || group.length === 1, `${group.length} files, ${total} bytes`);
    }
    ok(groups.length < claims.length, String(groups.length));
    const ids = groups.flat().map((each) => each.claim.id);
    deepEqual(ids.toSorted(), claims.map(({ id }) => id).toSorted());
  });

  test("read of nothing yields nothing", async ({ lake }) => {
    deepEqual(await readAll(lake, []), []);
  });

  test("read returns TOO_LARGE in place of a file over the limit, and only there", async ({ lake }) => {
    await lake.submit([
      upload("over", { bytes: pattern(1001) }),
      upload("at", { bytes: pattern(1000) }),
      upload("far over", { bytes: pattern(2 * MIB) }),
    ]);
    const read = (await readAll(lake, await claim(lake), 1000)).flat();
    const found = read.map(({ claim, file }) => [
      claim.entry["name"],
      file instanceof Rejected ? file.code : file.length,
    ]);
    const wanted = [["at", 1000], ["far over", "TOO_LARGE"], ["over", "TOO_LARGE"]];
    deepEqual(found.toSorted(), wanted);
  });

  test("read is not disturbed by entries that are submitted and settled meanwhile", async ({ lake }) => {
    await lake.submit([1, 2, 3].map((i) => upload(`n${i}`, { bytes: pattern(5 * MIB) })));
    const claims = await claim(lake);
    const seen = [];
    for await (const group of lake.read(claims, 64 * MIB)) {
      seen.push(...group);
      await lake.submit([upload("more")]);
      deepEqual(await succeed(lake, group.map((each) => each.claim)), []);
    }
    deepEqual(seen.map(({ file }) => (file as Uint8Array).length), Array(3).fill(5 * MIB));
  });
}

function pattern(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
}

/** deepEqual would take seconds for megabytes. */
function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, i) => byte === b[i]);
}
