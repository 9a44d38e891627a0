import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { forget, type ForgetOptions, type ForgottenRaw } from "../../lib/lake/forget.ts";
import { computeHash } from "../../lib/tahoe/hash.ts";
import type { Event, Instance, Raw, Session } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { normalForms } from "../normal_form.ts";
import {
  arbitrarySelection,
  arbitraryUploads,
  archiveAll,
  FILTERS,
  isSelected,
  type Line,
  type Sent,
} from "./forget/uploads.ts";
import { collect, type OpenInstances } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

const A = "aa".repeat(32);
const B = "bb".repeat(32);

/** Taking back what uploads brought, over a backend. */
export function forgetSuite(
  name: string,
  open: OpenInstances,
  { numRuns }: { readonly numRuns: number },
): void {
  const test = testOn(name, open);

  test("forget leaves what would be there without the uploads", async ({ store }) => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryUploads,
        arbitrarySelection,
        fc.constantFrom(1, 2, 1000),
        async (uploads, selection, topsAtOnce) => {
          const expected = await withoutSelected(store, uploads, selection);
          await refill(store, uploads);
          await run(store, { selection, topsAtOnce });
          deepEqual(await everything(store), expected);
        },
      ),
      { numRuns },
    );
  });

  test("forget broken off at any write is completed by doing it again", async ({ store }) => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryUploads,
        arbitrarySelection,
        fc.nat(20),
        async (uploads, selection, writes) => {
          const expected = await withoutSelected(store, uploads, selection);
          await refill(store, uploads);
          await run(breaking(store, writes), { selection, topsAtOnce: 2 }).catch(isBroken);
          await run(store, { selection });
          deepEqual(await everything(store), expected);
        },
      ),
      { numRuns },
    );
  });

  test("a dry run of forget changes nothing, and counts what goes", async ({ store }) => {
    await fc.assert(
      fc.asyncProperty(arbitraryUploads, arbitrarySelection, async (uploads, selection) => {
        await refill(store, uploads);
        const before = await everything(store);
        const dry = await run(store, { selection, dryRun: true });
        deepEqual(await everything(store), before);
        const counts = await store.count();
        const done = await run(store, { selection });
        deepEqual(dry.sum, done.sum);
        deepEqual(dry.raws.map(summary), done.raws.map(summary));
        const after = await store.count();
        for (const itype of ["raw", "event", "session", "object", "attribute"] as const) {
          const gone = (counts[itype] ?? 0) - (after[itype] ?? 0);
          equal(done.sum[`${itype}s`], gone, itype);
        }
      }),
      { numRuns },
    );
  });

  test("forget takes an organisation out of a Raw that others sent", async ({ store }) => {
    const lines = [line("ada", { session: "s1" })];
    const [hash] = await archiveAll(store, [sent(A, 100, lines), sent(B, 101, lines)]);
    const { sum, raws } = await run(store, { selection: { orgids: [A] } });
    deepEqual([sum.uploads, sum.raws, sum.rawsKept, sum.events], [1, 0, 1, 1]);
    deepEqual(raws.map(({ isShared, sources }) => [isShared, sources.length]), [[true, 1]]);
    const [raw] = await store.get([hash!]) as [Raw];
    deepEqual([raw.orgid, raw._sources?.map(({ orgid }) => orgid)], [B, [B]]);
  });

  test("forget keeps what somebody set by hand in what stays", async ({ store }) => {
    const lines = [line("ada", { session: "s1", starts: true })];
    await archiveAll(store, [sent(A, 100, lines), sent(A, 101, [...lines, line("bob")])]);
    const [session] = (await collect(store.all())).filter(isSession);
    await store.replace(session!._hash, { ...session!, start_time: 77 });
    await run(store, { selection: { before: 101 } });
    equal((await collect(store.all())).find(isSession)?.start_time, 77);
  });

  test("forget leaves Raws alone of which nobody knows when they were sent", async ({ store }) => {
    const [hash] = await archiveAll(store, [sent(A, 100, [line("ada")])]);
    const [raw] = await store.get([hash!]) as [Raw];
    const { _sources, ...old } = raw;
    await store.replace(hash!, old);
    const left = await run(store, { selection: { before: 1000 } });
    deepEqual([left.sum.untimed, left.sum.uploads, left.raws], [1, 0, []]);
    const gone = await run(store, { selection: { orgids: [A] } });
    deepEqual([gone.sum.untimed, gone.sum.uploads], [0, 1]);
    deepEqual(await collect(store.all()), []);
  });

  test("forget by Raw, of certain uploads or all", async ({ store }) => {
    const lines = [line("ada", { time: null })];
    const [hash] = await archiveAll(store, [100, 101, 102].map((time) => sent(A, time, lines)));
    const uploads = new Map([[hash!, [{ orgid: A, timestamp: 101 }]]]);
    equal((await run(store, { selection: { uploads } })).sum.events, 1);
    const [raw] = await store.get([hash!]) as [Raw];
    deepEqual(raw._sources?.map(({ timestamp }) => timestamp), [100, 102]);
    const all = new Map([[hash!, "all" as const], ["0".repeat(64), "all" as const]]);
    equal((await run(store, { selection: { uploads: all } })).sum.events, 2);
    deepEqual(await collect(store.all()), []);
  });

  test("forget puts back what an upload refers to that is archived meanwhile", async ({ store }) => {
    await archiveAll(store, [sent(A, 100, [line("ada", { session: "s1" })])]);
    // It found attributes and objects there, and stores its event when they are gone.
    const [found] = (await collect(store.all())).filter(({ itype }) => itype === "event");
    const late: Instance = { ...found as Event, orgid: B };
    const event = { ...late, _hash: computeHash(late) };
    const archive: InstanceStore = new Proxy(store, {
      get(target, name) {
        if (name !== "atomically") return Reflect.get(target, name).bind(target);
        return async (work: (store: InstanceStore) => Promise<unknown>) => {
          const result = await store.atomically(work);
          await store.put([event]);
          return result;
        };
      },
    });
    const { sum } = await run(archive, { selection: { orgids: [A] } });
    deepEqual(await store.missing(event._ref), []);
    deepEqual([sum.raws, sum.events, sum.objects, sum.attributes], [1, 1, 0, 1]);
  });

  test("forget of what is not there changes nothing", async ({ store }) => {
    await archiveAll(store, [sent(A, 100, [line("ada")])]);
    const before = await everything(store);
    const { sum } = await run(store, { selection: { orgids: [B] } });
    deepEqual([sum.uploads, sum.raws, sum.exact], [0, 0, true]);
    deepEqual(await everything(store), before);
  });

  test("forget stops when it is told to", async ({ store }) => {
    await archiveAll(store, [sent(A, 100, [line("ada")])]);
    const signal = AbortSignal.abort();
    equal((await run(store, { selection: {}, signal })).sum.uploads, 0);
    equal((await store.count())["raw"], 1);
  });
}

async function run(
  archive: InstanceStore,
  options: Partial<ForgetOptions> & Pick<ForgetOptions, "selection">,
) {
  const raws: ForgottenRaw[] = [];
  const sum = await forget({
    archive,
    filters: FILTERS,
    dryRun: false,
    grace: 0,
    signal: new AbortController().signal,
    forgot: (raw) => raws.push(raw),
    ...options,
  });
  return { sum, raws };
}

/** Plain values: Deno 2.4's deepEqual fails on objects without a prototype. */
function summary({ raw, isShared, sources }: ForgottenRaw) {
  return [raw, isShared, ...sources.map(({ orgid, timestamp }) => `${orgid} ${timestamp}`)];
}

async function refill(store: InstanceStore, uploads: readonly Sent[]): Promise<void> {
  await store.removeAll((await collect(store.all())).map(({ _hash }) => _hash));
  await archiveAll(store, uploads);
}

/** The archive that is made without the selected uploads. */
async function withoutSelected(
  store: InstanceStore,
  uploads: readonly Sent[],
  selection: ForgetOptions["selection"],
): Promise<string[]> {
  await refill(store, uploads.filter((upload) => !isSelected(upload, selection)));
  return await everything(store);
}

async function everything(store: InstanceStore): Promise<string[]> {
  return normalForms((await collect(store.all())).map((instance) => ({ ...instance })));
}

/** The store without transactions, which fails after so many writes, as if its process were killed. */
function breaking(store: InstanceStore, writes: number): InstanceStore {
  let left = writes;
  const broken: InstanceStore = new Proxy(store, {
    get(target, name) {
      if (name === "atomically") {
        return (work: (store: InstanceStore) => Promise<unknown>) => work(broken);
      }
      if (["put", "replace", "remove", "removeAll"].includes(String(name)) && left-- <= 0) {
        throw new Error("Killed");
      }
      return Reflect.get(target, name).bind(target);
    },
  });
  return broken;
}

function isBroken(error: Error): void {
  equal(error.message, "Killed");
}

function line(name: string, fields: Partial<Line> = {}): Line {
  return { name, time: 3, session: null, starts: false, isMalicious: true, ...fields };
}

function sent(orgid: string, timestamp: number, lines: readonly Line[]): Sent {
  return { typetag: "log", orgid, timestamp, lines };
}

function isSession(instance: Instance): instance is Session {
  return instance.itype === "session";
}
