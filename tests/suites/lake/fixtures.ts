import assert from "node:assert/strict";
import type { CacheLake, Claim, EntrySummary, Upload } from "../../../lib/lake/lake.ts";

/** A lake with nothing in it, and further handles on it as another worker would hold. */
export type Opened = { lake: CacheLake; again(): Promise<CacheLake>; close(): Promise<void> };

export const now = 1_700_000_000;
export const orgid = "0".repeat(63) + "1";
export const refA = "a".repeat(64);
export const refB = "b".repeat(64);
export const MiB = 2 ** 20;

export function upload(name: string, fields: Partial<Upload> = {}): Upload {
  return {
    name,
    orgid,
    timezone: "UTC",
    typetag: "sighting",
    timestamp: now - 1000,
    bytes: new TextEncoder().encode(name),
    ...fields,
  };
}

export function uploads(count: number): Upload[] {
  return Array.from({ length: count }, (_, i) => upload(`n${i}`, { timestamp: now - 1000 + i }));
}

export function claim(lake: CacheLake, fields: Partial<Parameters<CacheLake["claim"]>[0]> = {}) {
  return lake.claim({ owner: "worker-1", limit: 100, lease: 60, now, ...fields });
}

export async function claimOne(lake: CacheLake, at = now, owner = "worker-1"): Promise<Claim> {
  const claims = await claim(lake, { now: at, owner });
  assert.equal(claims.length, 1);
  return claims[0] as Claim;
}

export function names(claims: readonly Claim[]): unknown[] {
  return claims.map((each) => each.entry["name"]);
}

/** Gives the entry back, so that it counts as claimed before. */
export async function giveBack(lake: CacheLake, claims: readonly Claim[], notBefore = now) {
  const outcome = { state: "RETRY", reason: "disk full", notBefore } as const;
  assert.deepEqual(await lake.settle(claims.map((each) => ({ claim: each, outcome }))), []);
}

export function succeed(lake: CacheLake, claims: readonly Claim[], ref = refA): Promise<string[]> {
  return lake.settle(claims.map((each) => ({ claim: each, outcome: { state: "SUCCESS", ref } })));
}

export async function only(lake: CacheLake): Promise<EntrySummary> {
  const entries = await lake.list({}, 10);
  assert.equal(entries.length, 1);
  return entries[0] as EntrySummary;
}

export async function readAll(lake: CacheLake, claims: readonly Claim[], maxBytes = 64 * MiB) {
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

/** Registers a test with a lake of its own. */
export type Test = (behaviour: string, body: (opened: Opened) => Promise<void>) => void;
