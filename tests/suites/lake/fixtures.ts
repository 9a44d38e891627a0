import { deepEqual, equal } from "../../assert.ts";
import type { CacheLake, Claim, EntrySummary, SetAside, Upload } from "../../../lib/lake/lake.ts";

/** An empty lake; `again` opens a further handle on it, such as another worker has. */
export type Opened = { lake: CacheLake; again(): Promise<CacheLake>; close(): Promise<void> };

export const NOW = 1_700_000_000;
export const ORGID = "0".repeat(63) + "1";
export const REF_A = "a".repeat(64);
export const REF_B = "b".repeat(64);
export const MIB = 2 ** 20;

export function upload(name: string, fields: Partial<Upload> = {}): Upload {
  return {
    name,
    orgid: ORGID,
    timezone: "UTC",
    typetag: "sighting",
    timestamp: NOW - 1000,
    bytes: new TextEncoder().encode(name),
    ...fields,
  };
}

export function uploads(count: number): Upload[] {
  return Array.from({ length: count }, (_, i) => upload(`n${i}`, { timestamp: NOW - 1000 + i }));
}

export function claim(lake: CacheLake, fields: Partial<Parameters<CacheLake["claim"]>[0]> = {}) {
  return lake.claim({ owner: "worker-1", limit: 100, lease: 60, now: NOW, ...fields });
}

export async function claimOne(lake: CacheLake, at = NOW, owner = "worker-1"): Promise<Claim> {
  const claims = await claim(lake, { now: at, owner });
  equal(claims.length, 1);
  return claims[0] as Claim;
}

/** Claims until nothing is left; returns the claims, and what was set aside. */
export async function drain(
  lake: CacheLake,
  now = NOW,
): Promise<{ claims: Claim[]; setAside: SetAside[] }> {
  const claims: Claim[] = [];
  const setAside: SetAside[] = [];
  const onSetAside = (entry: SetAside) => setAside.push(entry);
  while (true) {
    const batch = await claim(lake, { limit: 10, now, onSetAside });
    if (batch.length === 0) return { claims, setAside };
    claims.push(...batch);
  }
}

export function names(claims: readonly Claim[]): unknown[] {
  return claims.map((each) => each.entry["name"]);
}

/** Gives entries back, so that they count as claimed before. */
export async function giveBack(lake: CacheLake, claims: readonly Claim[], notBefore = NOW) {
  const outcome = { state: "RETRY", reason: "disk full", notBefore } as const;
  deepEqual(await lake.settle(claims.map((each) => ({ claim: each, outcome }))), []);
}

export function succeed(lake: CacheLake, claims: readonly Claim[], ref = REF_A): Promise<string[]> {
  return lake.settle(claims.map((each) => ({ claim: each, outcome: { state: "SUCCESS", ref } })));
}

/** The only entry of the lake. */
export async function only(lake: CacheLake): Promise<EntrySummary> {
  const entries = await lake.list({}, 10);
  equal(entries.length, 1);
  return entries[0] as EntrySummary;
}

export async function readAll(lake: CacheLake, claims: readonly Claim[], maxBytes = 64 * MIB) {
  const groups = [];
  for await (const group of lake.read(claims, maxBytes)) groups.push(group);
  return groups;
}

/** Milliseconds until `waiting` resolves. */
export async function elapsed(waiting: Promise<void>): Promise<number> {
  const start = performance.now();
  await waiting;
  return performance.now() - start;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Registers a test that has a lake of its own. */
export type Test = (behaviour: string, body: (opened: Opened) => Promise<void>) => void;
