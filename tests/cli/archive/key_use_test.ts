import { deepEqual, equal, match } from "../../assert.ts";
import { type EarlierUse, KeyUse } from "../../../lib/cli/archive/key_use.ts";
import type { ClaimOutcome } from "../../../lib/lake/archive_batch.ts";
import { generateKeyPair, importPrivateKey } from "../../../lib/envelope/key.ts";
import { openBytesWithAny } from "../../../lib/envelope/open.ts";
import { sleep } from "../../../lib/sleep.ts";

const KEY = await importPrivateKey((await generateKeyPair()).privatePem);
const HASH = "a".repeat(64);

const ENVELOPES = {
  foreign: () => crypto.getRandomValues(new Uint8Array(400)),
  text: (i: number) => new TextEncoder().encode(`{"number": ${i}, "text": "`.padEnd(400, "abc ")),
  zeros: () => new Uint8Array(400),
  short: (i: number) => new Uint8Array(i),
};

/** How an entry with these bytes ends. */
async function rejected(bytes: Uint8Array, entry = {}): Promise<ClaimOutcome> {
  const error = await openBytesWithAny(bytes, [KEY]).then(() => undefined, (error) => error);
  const claim = { id: "1", owner: "w", attempts: 1, entry };
  return { claim, outcome: { state: "ERROR", reason: "x" }, error, lost: false };
}

function archived(): ClaimOutcome {
  const claim = { id: "2", owner: "w", attempts: 1, entry: {} };
  return { claim, outcome: { state: "SUCCESS", ref: HASH }, lost: false };
}

async function useOf(
  ended: readonly ClaimOutcome[],
  options: { isPair?: boolean | undefined; earlier?: EarlierUse } = {},
): Promise<{ stops: boolean; fault: string | undefined }> {
  const { isPair, earlier = "none" } = { isPair: true, ...options };
  const use = new KeyUse({ isPair, earlierUse: () => Promise.resolve(earlier) });
  for (const one of ended) use.record(one);
  await sleep(1);
  return { stops: use.wrong.aborted, fault: await use.fault() };
}

function all(kind: keyof typeof ENVELOPES, length: number): Promise<ClaimOutcome[]> {
  return Promise.all(Array.from({ length }, (_, i) => rejected(ENVELOPES[kind](i))));
}

Deno.test("KeyUse stops a service after 32 foreign envelopes, not after 31", async () => {
  const { stops, fault } = await useOf(await all("foreign", 32));
  equal(stops, true);
  match(fault!, /^Cannot open any of 32 envelopes: /);
  equal((await useOf(await all("foreign", 31))).stops, false);
});

Deno.test("KeyUse stops nothing if the keys open what was archived before, or one of the entries", async () => {
  const foreign = await all("foreign", 40);
  const none = { stops: false, fault: undefined };
  const before = await useOf(foreign, { earlier: "opened" });
  equal(JSON.stringify(before), JSON.stringify(none));
  equal(JSON.stringify(await useOf([archived(), ...foreign])), JSON.stringify(none));
});

Deno.test("KeyUse does not count a damaged envelope twice, nor what is none", async () => {
  const again = await rejected(ENVELOPES.foreign());
  equal((await useOf(Array(40).fill(again))).stops, false);
  for (const kind of ["text", "zeros", "short"] as const) {
    const { stops, fault } = await useOf(await all(kind, 40));
    equal(stops, false, kind);
    equal(fault, undefined, kind);
  }
});

Deno.test("KeyUse finds no fault with a pair for a single entry, unless something else speaks against it", async () => {
  const one = await all("foreign", 1);
  equal((await useOf(one)).fault, undefined);
  match((await useOf(one, { isPair: false })).fault!, /^Cannot open any of 1 envelope:/);
  match((await useOf(one, { isPair: undefined })).fault!, /^Cannot open any of 1 envelope:/);
  match((await useOf(one, { earlier: "closed" })).fault!, /^Cannot open any of 1 envelope:/);
  const before = await rejected(ENVELOPES.foreign(), { _ref: [HASH] });
  match((await useOf([before])).fault!, /^Cannot open any of 1 envelope:/);
  match((await useOf(await all("foreign", 2))).fault!, /^Cannot open any of 2 envelopes/);
});

Deno.test("KeyUse finds no fault with a pair for damaged envelopes, where uploads were purged", async () => {
  const several = await all("foreign", 40);
  deepEqual(await useOf(several, { earlier: "purged" }), { stops: false, fault: undefined });
  for (const isPair of [false, undefined]) {
    const wrong = await useOf(several, { earlier: "purged", isPair });
    match(wrong.fault!, /^Cannot open any of 40 envelopes/);
  }
});
