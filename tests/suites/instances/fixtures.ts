import { deepEqual, equal } from "../../assert.ts";
import type {
  Attribute,
  Event,
  Evidence,
  Hash,
  Instance,
  Raw,
  Report,
  Session,
  Source,
  TahoeObject,
} from "../../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../../lib/tahoe/instances.ts";
import type { Value } from "../../../lib/tahoe/value.ts";

/** An empty store; `again` opens a further handle on it, such as another worker has. */
export type Opened = {
  store: InstanceStore;
  again(): Promise<InstanceStore>;
  close(): Promise<void>;
};

export const ORGID = hash("0f");

/** A hash made from a seed: stores trust `_hash` and never compute it. */
export function hash(seed: string | number): Hash {
  return String(seed).padStart(64, "0");
}

export function attribute(_hash: Hash, data: Attribute["data"] = "192.0.2.1"): Attribute {
  return { itype: "attribute", sub_type: "ipv4", data, _hash };
}

export function object(_hash: Hash, _cref: readonly Hash[], _ref = _cref): TahoeObject {
  return { itype: "object", sub_type: "file", data: { name: ["x"] }, _cref, _ref, _hash };
}

export function event(_hash: Hash, _ref: readonly Hash[], fields: Partial<Event> = {}): Event {
  return {
    itype: "event",
    sub_type: "sighting",
    data: { ipv4: ["192.0.2.1"], file: [{ name: ["x", 1n, 1] }] },
    orgid: ORGID,
    timestamp: 1_600_000_000,
    category: "unknown",
    _cref: _ref,
    _ref,
    _ben_ref: [],
    _mal_ref: [],
    _hash,
    ...fields,
  };
}

export function session(_hash: Hash, _ref: readonly Hash[]): Session {
  const _cref = [hash("c")];
  return { itype: "session", sub_type: "ssh", data: { id: ["s"] }, _cref, _ref, _hash };
}

export function raw(_hash: Hash, fields: Partial<Raw> = {}): Raw {
  return {
    itype: "raw",
    sub_type: "sighting",
    data: { a: 1n },
    orgid: ORGID,
    timezone: "UTC",
    _hash,
    ...fields,
  };
}

export function source(timestamp: number, timezone: string | null = "UTC"): Source {
  return { orgid: ORGID, timezone, timestamp };
}

export function report(_hash: Hash, evidence?: readonly Evidence[]): Report {
  return {
    itype: "report",
    sub_type: "related",
    data: { data: [3n], "key.with$": [1.0, null] },
    userid: hash("ab"),
    timestamp: 1_600_000_000.25,
    current_page: 1n,
    next_page: 2n,
    ...(evidence !== undefined && { evidence }),
    _hash,
  };
}

/** Evidence of an event; the weight tells it apart from other evidence of the same event. */
export function evidence(_hash: Hash, weight: number): Evidence {
  return { _hash, flags: [], paths: [{ weight, share: 1, nodes: [] }] };
}

/** A string that differs wherever two documents differ, except in the order of their fields. */
export function exact(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : `${value}`;
  if (Array.isArray(value)) return `[${value.map(exact).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const fields = Object.entries(value).map(([key, each]) =>
    `${JSON.stringify(key)}:${exact(each)}`
  );
  return `{${fields.toSorted().join()}}`;
}

export function assertSame(found: readonly Instance[], wanted: readonly Instance[]): void {
  deepEqual(found.map(exact).toSorted(), wanted.map(exact).toSorted());
}

/** An object with these fields in order; `__proto__` becomes a field like any other. */
export function fields(...entries: [string, Value][]): Value {
  return Object.fromEntries(entries);
}

/** The only instance under a hash. */
export async function only<T extends Instance>(store: InstanceStore, wanted: Hash): Promise<T> {
  const found = await store.get([wanted]);
  equal(found.length, 1);
  return found[0] as T;
}

/** The session under a hash, its references sorted. */
export async function sortedSession(store: InstanceStore, wanted: Hash): Promise<Session> {
  const found = await only<Session>(store, wanted);
  return { ...found, _ref: found._ref.toSorted() };
}

export async function readAll(store: InstanceStore): Promise<Instance[]> {
  const found = [];
  for await (const each of store.all()) found.push(each);
  return found;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Registers a test that has a store of its own. */
export type Test = (behaviour: string, body: (opened: Opened) => Promise<void>) => void;
