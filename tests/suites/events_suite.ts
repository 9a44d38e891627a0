import { deepEqual, equal, match, ok } from "../assert.ts";
import { Rejected } from "../../lib/errors.ts";
import { filterUploads, rejectionReason } from "../../lib/lake/filter_uploads.ts";
import { listQuarantinedImports } from "../../lib/lake/import_quarantine.ts";
import { importOne } from "../../lib/lake/import.ts";
import { type ParsedUpload, parsePlaintext } from "../../lib/lake/parse.ts";
import { reparse, type Reparsed } from "../../lib/lake/reparse.ts";
import { storeUploads } from "../../lib/lake/store_uploads.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Event, Instance, Raw, Session } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import type { Filter } from "../../lib/typetags/filter.ts";
import { InstanceCollector } from "../../lib/typetags/instance_collector.ts";
import { normalForm } from "../normal_form.ts";
import { collect, type OpenInstances } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

/** A filter that reads one name per line: an event for each, and a session of all of them. */
const NAMES = makeFilter("names", (text, collector) => {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length === 0) throw new Rejected("EVENTS_INVALID", "There is no name");
  const events = lines.map((line) => {
    if (line === "?") throw new Rejected("EVENTS_REJECTED", "? is not a name");
    const { timestamp } = collector;
    return collector.event("sighting", [collector.attribute("username", line)], { timestamp });
  });
  collector.session("names", [collector.attribute("first", lines[0]!)], events);
});

/** The same filter, improved: ignores case and skips comments. */
const IMPROVED: Filter = {
  id: NAMES.id,
  read: (data, source) => {
    const text = (data as { data: string }).data.toLowerCase().replace(/^#.*$/gm, "");
    return NAMES.read({ data: text }, source);
  },
};

/** The same filter with a bug. */
const BROKEN: Filter = {
  id: NAMES.id,
  read() {
    throw new TypeError("A bug in the filter");
  },
};

const ORG = "aa".repeat(32);
const OTHER = "bb".repeat(32);

function makeFilter(
  id: string,
  read: (text: string, collector: InstanceCollector) => void,
): Filter {
  return {
    id,
    read: (data, source) => {
      const collector = new InstanceCollector(source);
      read((data as { data: string }).data, collector);
      return collector.result();
    },
  };
}

/** Conformance of a backend where Raws become events: storing uploads, importing and reparsing. */
export function eventsSuite(name: string, open: OpenInstances): void {
  const test = testOn(name, open);
  const send = async (
    archive: InstanceStore,
    text: string,
    { filter = NAMES, orgid = ORG, timestamp = 1 } = {},
  ) => {
    const filters = new Map([["names", filter]]);
    const [stored] = await storeUploads(
      await filterUploads([parsedUpload(text, { orgid, timestamp })], { archive, filters }),
      archive,
    );
    ok(stored !== undefined && !(stored instanceof Rejected));
    const { raw, filtered, error } = stored;
    const reason = error === undefined ? undefined : rejectionReason(error);
    return { ref: raw._hash, filtered, reason };
  };

  test("storeUploads stores events and their references in the Raw", async ({ store }) => {
    const { ref, filtered } = await send(store, "ada\nbob");
    const [raw] = await store.get([ref]) as [Raw];
    deepEqual(raw.filters, ["names"]);
    deepEqual(raw._ref?.toSorted(), filtered?.refs.toSorted());
    deepEqual(await store.missing(raw._ref ?? []), []);
    deepEqual(await namesIn(store), ["ada", "bob"]);
    const [session] = await store.get(filtered!.refs.slice(-1)) as [Session];
    equal(session.itype, "session");
    equal(filtered!.events.every(({ _hash }) => session._ref.includes(_hash)), true);
  });

  test("storeUploads twice changes nothing", async ({ store }) => {
    await send(store, "ada\nbob");
    const before = await storedForms(store);
    await send(store, "ada\nbob");
    deepEqual(await storedForms(store), before);
  });

  test("filterUploads makes events for each organisation that sent the same Raw", async ({ store }) => {
    await send(store, "ada");
    const { ref } = await send(store, "ada", { orgid: OTHER, timestamp: 2 });
    const events = await eventsIn(store);
    deepEqual(events.map(({ orgid }) => orgid).toSorted(), [ORG, OTHER]);
    const [raw] = await store.get([ref]) as [Raw];
    deepEqual(raw._sources?.map(({ timestamp }) => timestamp).toSorted(), [1, 2]);
    equal(events.every(({ _hash }) => raw._ref?.includes(_hash)), true);
  });

  test("filterUploads keeps the Raw of an upload that its filter rejects", async ({ store }) => {
    const rejected = await send(store, "ada\n?");
    equal(rejected.reason, "EVENTS_REJECTED: ? is not a name");
    const invalid = await send(store, "\n");
    const faulty = await send(store, "bob", { filter: BROKEN });
    match(faulty.reason!, /^TypeError: A bug in the filter/);
    const raws = await store.get([rejected.ref, invalid.ref, faulty.ref]) as Raw[];
    equal(raws.length, 3);
    for (const { _hash, _sources, _valid, filters, _ref } of raws) {
      equal(_sources?.[0]?.events, "rejected");
      deepEqual([filters ?? [], _ref ?? []], [[], []]);
      equal(_valid, _hash === invalid.ref ? false : undefined);
    }
    deepEqual(await eventsIn(store), []);
  });

  test("filterUploads makes no events of an organisation's data that the analytics module has read", async ({ store }) => {
    const { ref } = await storeAnalysed(store, "ada");
    equal((await send(store, "ada", { timestamp: 5 })).filtered, undefined);
    equal((await send(store, "ada", { orgid: OTHER, timestamp: 6 })).filtered?.events.length, 1);
    equal((await send(store, "ada", { timestamp: 7 })).filtered, undefined);
    const [raw] = await store.get([ref]) as [Raw];
    deepEqual(
      raw._sources?.map(({ timestamp, events }) => [timestamp, events]).toSorted(),
      [[1, undefined], [5, "elsewhere"], [6, "made"], [7, "elsewhere"]],
    );
    deepEqual(await namesIn(store), ["ada", "ada"]);
  });

  test("filterUploads keeps a Raw valid if either program made events of it", async ({ store }) => {
    const valid = async (hash: string) => (await store.get([hash]) as [Raw])[0]._valid;
    const { raw } = parsedUpload("ada", { orgid: ORG, timestamp: 1 });
    await store.put([{ ...raw, _valid: false }]);
    await send(store, "ada");
    equal(await valid(raw._hash), true);
    const { ref } = await storeAnalysed(store, "\n");
    await send(store, "\n", { orgid: OTHER });
    equal(await valid(ref), undefined);
  });

  test("storeUploads stores the Raw of an upload whose events are too large", async ({ store }) => {
    const refusing = new Proxy(store, {
      get: (target, name) =>
        name === "put"
          ? (instances: readonly Instance[]) =>
            instances.some(({ itype }) => itype === "event")
              ? Promise.reject(new Rejected("DOCUMENT_TOO_LARGE", "too large"))
              : target.put(instances)
          : Reflect.get(target, name).bind(target),
    });
    const { ref, reason } = await send(refusing, "ada");
    equal(reason, "DOCUMENT_TOO_LARGE: too large");
    equal((await store.get([ref]) as Raw[])[0]?._sources?.[0]?.events, "rejected");
  });

  test("importOne recognises what it imported, and tries again what was rejected", async ({ store }) => {
    const importing = (filter: Filter) => (text: string) =>
      importOne({ name: "a.txt", data: new TextEncoder().encode(text) }, {
        archive: store,
        filters: new Map([["names", filter]]),
        upload: { typetag: "names", orgid: ORG, timezone: "UTC" },
        now: () => 7,
      });
    ok("filtered" in await importing(NAMES)("ada"));
    const before = await storedForms(store);
    ok("known" in await importing(NAMES)("ada"));
    deepEqual(await storedForms(store), before);
    ok("reason" in await importing(BROKEN)("bob"));
    ok("filtered" in await importing(NAMES)("bob"));
    const binary = await importOne({ name: "b", data: Uint8Array.of(0xff) }, {
      archive: store,
      filters: new Map(),
      now: () => 7,
      upload: { typetag: "names", orgid: ORG, timezone: "UTC" },
    });
    match((binary as { refused: string }).refused, /not UTF-8/);
  });

  test("importOne takes equal lines of a file that grows as sent again, unless their time is the same", async ({ store }) => {
    const importAt = async (modified: number, isGrowth: boolean) =>
      await importOne({ name: "a.txt", data: new TextEncoder().encode("ada"), modified }, {
        archive: store,
        filters: new Map([["names", NAMES]]),
        upload: { typetag: "names", orgid: ORG, timezone: "UTC" },
        now: () => 7,
        isGrowth,
      });
    ok("filtered" in await importAt(10, true));
    ok("known" in await importAt(10, true));
    ok("known" in await importAt(20, false));
    const second = await importAt(20, true);
    ok("filtered" in second && second.filtered?.events === 1);
    const [raw] = await store.get([second.ref]) as Raw[];
    deepEqual(raw?._sources?.map(({ timestamp }) => timestamp).sort(), [10, 20]);
    deepEqual(await namesIn(store), ["ada", "ada"]);
  });

  test("listQuarantinedImports names files without events, until they have some", async ({ store }) => {
    const importing = (filters: [string, Filter][], typetag: string, name = "a.txt") =>
      importOne({ name, data: new TextEncoder().encode("bob") }, {
        archive: store,
        filters: new Map(filters),
        upload: { typetag, orgid: ORG, timezone: "UTC" },
        now: () => 7,
      });
    const listed = async () =>
      (await listQuarantinedImports(store)).map(({ name, typetag, events, reason }) => [
        name,
        typetag,
        events,
        reason,
      ]);
    await importing([["names", BROKEN]], "names");
    await importing([["names", NAMES]], "own_feed", "b.txt");
    await importing([], "other_feed", "left to another program");
    await send(store, "", { orgid: OTHER });
    const own = ["b.txt", "own_feed", undefined, "No filter reads own_feed"];
    deepEqual((await listed()).toSorted(), [
      ["a.txt", "names", "rejected", "TypeError: A bug in the filter"],
      own,
    ]);
    const [names] = await Array.fromAsync(store.raws("names"));
    await reparseRaw(store, names!._hash, { filter: BROKEN });
    equal((await listed()).length, 2);
    for await (const { _hash } of store.raws("names")) {
      await reparseRaw(store, _hash, { filter: NAMES });
    }
    deepEqual(await listed(), [own]);
    await importing([["own_feed", NAMES]], "own_feed", "b.txt");
    deepEqual(await listed(), []);
    deepEqual(await namesIn(store), ["bob"]);
  });

  test("reparse adds the events of an improved filter, and removes those it no longer makes", async ({ store }) => {
    const { ref } = await send(store, "Ada\nbob\n#eve");
    await send(store, "Ada\nbob\n#eve", { orgid: OTHER });
    await send(store, "bob", { timestamp: 9 });
    const dry = await reparseRaw(store, ref, { filter: IMPROVED, dryRun: true });
    deepEqual([dry.come.length, dry.go.length, dry.stay], [2, 4, 2]);
    deepEqual(await namesIn(store), ["#eve", "#eve", "Ada", "Ada", "bob", "bob", "bob"]);
    const { come, go, stay } = await reparseRaw(store, ref, { filter: IMPROVED });
    deepEqual([come.length, go.length, stay], [2, 4, 2]);
    deepEqual(await namesIn(store), ["ada", "ada", "bob", "bob", "bob"]);
    const [raw] = await store.get([ref]) as [Raw];
    deepEqual(await store.missing(raw._ref ?? []), []);
    // The attributes of removed events are removed, too, and so is the session that is now empty.
    const left = await collect(store.all());
    equal(left.some(({ data }) => data === "#eve" || data === "Ada"), false);
    equal(left.filter(({ itype }) => itype === "session").length, 2);
  });

  test("reparse twice changes nothing the second time", async ({ store }) => {
    const { ref } = await send(store, "Ada\n#eve");
    await reparseRaw(store, ref, { filter: IMPROVED });
    const before = await storedForms(store);
    const { come, go, stay } = await reparseRaw(store, ref, { filter: IMPROVED });
    deepEqual([come.length, go.length, stay], [0, 0, 1]);
    deepEqual(await storedForms(store), before);
  });

  test("reparse keeps an event that another Raw also contains", async ({ store }) => {
    const { ref } = await send(store, "#eve\nada");
    await send(store, "#eve");
    await reparseRaw(store, ref, { filter: IMPROVED });
    deepEqual(await namesIn(store), ["#eve", "ada"]);
  });

  test("reparse makes events of a rejected upload, and keeps its events if it is rejected later", async ({ store }) => {
    const { ref } = await send(store, "ada", { filter: BROKEN });
    equal((await reparseRaw(store, ref, { filter: NAMES })).come.length, 1);
    const [raw] = await store.get([ref]) as [Raw];
    deepEqual(raw._sources?.map(({ events }) => events), ["made"]);
    match((await reparseRaw(store, ref, { filter: BROKEN })).rejected!, /A bug/);
    deepEqual(await namesIn(store), ["ada"]);
  });

  test("reparse keeps the events of the analytics module, even if others sent the same data", async ({ store }) => {
    const { ref, event } = await storeAnalysed(store, "Ada");
    equal((await reparseRaw(store, ref, { filter: IMPROVED })).elsewhere, true);
    await send(store, "Ada", { orgid: OTHER });
    const { come, go, stay } = await reparseRaw(store, ref, { filter: IMPROVED });
    deepEqual([come.length, go.length, stay], [1, 1, 0]);
    deepEqual(await namesIn(store), ["Ada", "ada"]);
    const [raw] = await store.get([ref]) as [Raw];
    equal([event._hash, ...event._ref].every((hash) => raw._ref?.includes(hash)), true);
    deepEqual(await store.missing(raw._ref ?? []), []);
    deepEqual(raw._sources?.map(({ orgid, events }) => [orgid, events]), [
      [ORG, undefined],
      [OTHER, "made"],
    ]);
  });

  test("raws returns the Raws of a sub-type in the order of their hashes", async ({ store }) => {
    for (const text of ["a", "b", "c", "d"]) await send(store, text);
    await store.put([parsePlaintext("a", { typetag: "other", orgid: ORG, timezone: "UTC" })]);
    const all = (await collect(store.raws("names"))).map(({ _hash }) => _hash);
    equal(all.length, 4);
    deepEqual(all, all.toSorted());
    deepEqual(
      (await collect(store.raws("names", all[1]!))).map(({ _hash }) => _hash),
      all.slice(2),
    );
    deepEqual(await collect(store.raws("names", all[3]!)), []);
    deepEqual(await collect(store.raws("nobody")), []);
  });
}

function parsedUpload(
  text: string,
  { orgid, timestamp }: { orgid: string; timestamp: number },
): ParsedUpload {
  const raw = parsePlaintext(text, { typetag: "names", orgid, timezone: "UTC" });
  return { raw, source: { orgid, timezone: "UTC", timestamp } };
}

/** Stores what the analytics module makes of an upload that was sent while our filters were off. */
async function storeAnalysed(store: InstanceStore, text: string) {
  const { raw, source } = parsedUpload(text, { orgid: ORG, timestamp: 1 });
  const name = attribute("username", text.trim());
  const made = event("sighting", name, { orgid: ORG, timestamp: 1234.5 });
  const _ref = [...made._ref, made._hash];
  await store.put([name, made, { ...raw, filters: ["names"], _ref, _sources: [source] }]);
  return { ref: raw._hash, event: made };
}

async function reparseRaw(
  archive: InstanceStore,
  hash: string,
  { filter, dryRun = false }: { filter: Filter; dryRun?: boolean },
): Promise<Reparsed> {
  const [raw] = await archive.get([hash]) as [Raw];
  return await reparse(raw, { archive, filter, dryRun, now: 50 });
}

async function storedForms(store: InstanceStore): Promise<string[]> {
  return (await collect(store.all())).map((instance) => normalForm({ ...instance })).toSorted();
}

async function eventsIn(store: InstanceStore): Promise<Event[]> {
  return (await collect(store.all())).filter((instance) => instance.itype === "event");
}

async function namesIn(store: InstanceStore): Promise<string[]> {
  return (await eventsIn(store)).map(({ data }) => String(data["username"]?.[0])).toSorted();
}
