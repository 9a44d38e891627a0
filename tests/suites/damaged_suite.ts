import { deepEqual, equal } from "../assert.ts";
import { verify } from "../../lib/cli/archive/verify.ts";
import { listMembers } from "../../lib/cli/report/members.ts";
import { topLatestValues } from "../../lib/graph/top_values.ts";
import { orgsOf } from "../../lib/identity/org.ts";
import { filterUploads } from "../../lib/lake/filter_uploads.ts";
import { forget } from "../../lib/lake/forget.ts";
import { reparse } from "../../lib/lake/reparse.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Hash, Instance, Raw } from "../../lib/tahoe/instance.ts";
import { Damaged, type InstanceStore } from "../../lib/tahoe/instances.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import { raw } from "../../lib/tahoe/raw.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { answer, type AnswerOptions } from "../../lib/tdql/answer.ts";
import type { EnvelopeOptions } from "../../lib/tdql/question.ts";
import { tdql } from "../../lib/tdql/tdql.ts";
import { addMembers, answerOptions, anyKey, type OpenAnswering, plain } from "./answer_suite.ts";
import { testOn } from "./test_on.ts";

const NOW = 1_600_000_000;
const QUESTION = { sub_type: "ipv4", data: "203.0.113.7" };

/** Fields of an event that nobody can read, and what is said of them. */
const DAMAGES: readonly (readonly [Fields, string])[] = [
  [{ data: "x" }, "data is a string, not an object"],
  [{ data: [{ a: [1n] }] }, "data is a list, not an object"],
  [{ data: { ipv4: "x" } }, "data.ipv4 is a string, not a list"],
  [{ data: { file: [{ name: "x" }] } }, "data.file[0].name is a string, not a list"],
  [{ data: { file: ["x", ["y"]] } }, "data.file[1] is a list, not a value or an object"],
  [{ category: 5n }, "category is a whole number, not a string"],
  [{ _ben_ref: "x" }, "_ben_ref is a string, not a list"],
  [{ _cref: 5n }, "_cref is a whole number, not a list"],
  [{ sub_type: ["x"] }, "sub_type is a list, not a string"],
];

/** Registers tests of what a stored document with fields of wrong types does, and to whom. */
export function damagedSuite(name: string, open: OpenAnswering): void {
  const test = testOn(name, open);

  for (const [fields, reason] of DAMAGES) {
    test(`an event in which ${reason} fails the answers that need it, by name`, async (stores) => {
      const { userid, stranger, seen } = await addMembers(stores);
      const other = attribute("ipv4", "203.0.113.8");
      await stores.archive.put([other, event("sighting", other, seen)]);
      await damage(stores.archive, seen, fields);
      const options = answerOptions(stores, await anyKey(), NOW);
      const text = `ServerError: Instance ${seen._hash} cannot be read: ${reason}`;
      deepEqual(await ask("related", QUESTION, { userid, options }), ["failed", text]);
      deepEqual((await ask("count", QUESTION, { userid, options }))[0], "ready");
      deepEqual((await ask("related", QUESTION, { userid: stranger, options }))[0], "ready");
      const neighbour = { ...QUESTION, data: other.data };
      deepEqual((await ask("related", neighbour, { userid, options }))[0], "ready");
      const filter = { orgids: [seen.orgid], start: 0, end: Infinity, category: "all" } as const;
      const { values } = await topLatestValues(stores.graph, { filter, limit: 9 });
      equal(values.some(({ data }) => data === other.data), true);
      const stored = await stores.graph.eventsBetween([seen.orgid], { after: "", limit: 99 });
      const faults = stored.flatMap(({ event }) => event instanceof Damaged ? [event] : []);
      deepEqual(faults, [new Damaged(seen._hash, reason)]);
      equal(stored.length, 3);
      const { flawed, flaws } = await verify(stores.archive, () => {});
      equal(flawed, 1);
      deepEqual(flaws, [{ hash: seen._hash, itype: "?", flaw: `cannot be read: ${reason}` }]);
    });
  }

  test("get, parents and referrers leave out what cannot be read, and name it", async (stores) => {
    const { archive } = stores;
    const { seen } = await addMembers(stores);
    const [child] = seen._ref;
    const others = (await archive.parents(child!)).filter(({ _hash }) => _hash !== seen._hash);
    await damage(archive, seen, { category: 5n });
    const damaged: string[] = [];
    const note = ({ hash, reason }: Damaged) => damaged.push(`${hash} ${reason}`);
    deepEqual(await archive.get([seen._hash], note), []);
    deepEqual((await archive.parents(child!, note)).length, others.length);
    deepEqual((await archive.referrers(child!, note)).length, others.length);
    const name = `${seen._hash} category is a whole number, not a string`;
    deepEqual(damaged, [name, name, name]);
    equal((await archive.get([seen._hash])).length, 1);
  });

  test("an attribute that cannot be read is missing from what most events hold", async (stores) => {
    const { seen } = await addMembers(stores);
    const [other, damaged] = ["a", "b"].map((name) => attribute("username", name));
    await stores.archive.put([other!, damaged!, event("sighting", [other!, damaged!], seen)]);
    await damage(stores.archive, damaged!, { data: {} });
    const filter = { orgids: [seen.orgid], start: 0, end: Infinity, category: "all" } as const;
    const options = { filter, limit: 9, subType: "username" };
    const { values } = await topLatestValues(stores.graph, options);
    deepEqual(values.map(({ data }) => data), ["a"]);
  });

  for (const [what, fields] of [["event", { data: "x" }], ["attribute", { data: {} }]] as const) {
    test(`reparse stores a damaged ${what} anew, and leaves what it does not make`, async (stores) => {
      const { archive } = stores;
      const sources = [{ orgid: "o", timezone: "UTC", timestamp: 1 }];
      const held = attribute("ipv4", "192.0.2.9");
      const made = event("sighting", held, { orgid: "o", timestamp: 1 });
      const other = attribute("ipv4", "192.0.2.10");
      const refs = [made._hash, held._hash];
      const filter = {
        id: "f",
        read: () => ({ events: [made], instances: [held, made], refs, rejected: [], skipped: {} }),
      };
      const parsed = {
        raw: raw("sighting", { a: 1n }, sources[0]!),
        source: sources[0]!,
        skipped: {},
      };
      const options = { archive, filters: new Map([["sighting", filter]]) };
      const [upload] = await filterUploads([parsed], options);
      const stored = { ...upload!.raw, _ref: [...refs, other._hash] };
      await archive.put([held, other, made, stored]);
      await damage(archive, what === "event" ? made : held, fields);
      await damage(archive, other, { data: {} });
      const run = { archive, filter, dryRun: false, now: 2 };
      await reparse(stored, run);
      const damaged: string[] = [];
      const found = await archive.get([...refs, other._hash], ({ hash }) => damaged.push(hash));
      deepEqual(found.map(({ _hash }) => _hash).toSorted(), refs.toSorted());
      deepEqual(damaged, [other._hash]);
      const [after] = await archive.get([stored._hash]) as Raw[];
      deepEqual(after!._ref!.toSorted(), stored._ref.toSorted());
      deepEqual((await reparse(after!, run)).come, []);
    });
  }

  for (const [fields, reason] of DAMAGES) {
    test(`forget leaves an event in which ${reason}, and goes on`, async (stores) => {
      const { archive } = stores;
      const made = ["a", "b"].map((name) => {
        const held = attribute("username", name);
        const seen = event("sighting", held, { orgid: "o", timestamp: 1 });
        const source = { orgid: "o", timezone: "UTC", timestamp: 1, events: "made" } as const;
        const upload = raw("sighting", { name }, source);
        return {
          held,
          seen,
          upload: { ...upload, _ref: [held._hash, seen._hash], _sources: [source] },
        };
      });
      for (const { held, seen, upload } of made) await archive.put([held, seen, upload]);
      const [damaged] = made.map(({ seen }) => seen);
      await damage(archive, damaged!, fields);
      const signal = new AbortController().signal;
      const options = { archive, filters: new Map(), selection: {}, signal, grace: 0 };
      const forgotten = await forget({ ...options, dryRun: false, forgot: () => {} });
      deepEqual([forgotten.raws, forgotten.events, forgotten.damaged], [2, 1, 1]);
      const hashes = made.flatMap(({ seen, upload }) => [seen._hash, upload._hash]);
      deepEqual(await archive.missing(hashes), hashes.filter((hash) => hash !== damaged!._hash));
    });
  }

  test("a user of a wrong shape is refused, and others are not", async (stores) => {
    const { userid, stranger } = await addMembers(stores);
    const [user] = await stores.identity.get([userid]);
    await damage(stores.identity, user!, { data: "x" });
    const options = answerOptions(stores, await anyKey(), NOW);
    deepEqual(await ask("count", QUESTION, { userid, options }), [
      "failed",
      "InvalidUserError: User does not exist in identity db!",
    ]);
    deepEqual(await ask("count", QUESTION, { userid: stranger, options }), ["ready", 1n]);
    equal((await listMembers(stores.identity)).users.length, 1);
  });

  for (const _usr_ref of [5n, null, ["x", 5n], {}] as const) {
    test(`an organisation with ${writeJson(_usr_ref)} as users shows nobody its events`, async (stores) => {
      const { userid, stranger } = await addMembers(stores);
      const [org] = await orgsOf(stores.identity, userid);
      await damage(stores.identity, org!, { _usr_ref });
      const options = answerOptions(stores, await anyKey(), NOW);
      deepEqual(await ask("count", QUESTION, { userid, options }), ["ready", 0n]);
      deepEqual(await ask("count", QUESTION, { userid: stranger, options }), ["ready", 1n]);
      equal((await listMembers(stores.identity)).orgs.length, 1);
    });
  }

  test("a string as users of an organisation admits nobody whose hash is part of it", async (stores) => {
    const { userid } = await addMembers(stores);
    const [org] = await orgsOf(stores.identity, userid);
    await damage(stores.identity, org!, { _usr_ref: `${userid} ${userid}` });
    deepEqual(await orgsOf(stores.identity, userid), []);
  });

  for (const sources of [{ timestamp: 5n }, { orgid: [] }, { events: {} }, { timezone: {} }]) {
    test(`forget goes on beside a Raw with a source of ${writeJson(sources as Fields)}`, async (stores) => {
      const { archive } = stores;
      const source = { orgid: "o", timezone: "UTC", timestamp: 1 };
      const [damaged, other] = ["a", "b"].map((name) => ({
        ...raw("sighting", { name }, source),
        _sources: [source],
      }));
      await archive.put([damaged!, other!]);
      await damage(archive, damaged!, { _sources: [{ ...source, ...sources }] });
      const options = { archive, filters: new Map(), selection: { orgids: ["o"] }, grace: 0 };
      const { signal } = new AbortController();
      const found: string[] = [];
      const forgot = ({ raw }: { readonly raw: Hash }) => found.push(raw);
      for (const dryRun of [true, false]) {
        equal((await forget({ ...options, dryRun, signal, forgot })).raws, 1);
      }
      deepEqual(found, [other!._hash, other!._hash]);
    });
  }

  for (const fields of [{ filters: 5n }, { _sources: "x" }, { _ref: 5n }, { _sources: [null] }]) {
    test(`a Raw with ${Object.keys(fields)} of a wrong type is filtered and stored again`, async (stores) => {
      const { archive } = stores;
      const source = { orgid: "o", timezone: "UTC", timestamp: 1 };
      const stored = raw("sighting", { a: 1n }, source);
      await archive.put([{ ...stored, _sources: [source] }]);
      await damage(archive, stored, fields as unknown as Fields);
      const filters = new Map([["sighting", {
        id: "f",
        read: () => ({ events: [], instances: [], refs: [], rejected: [], skipped: {} }),
      }]]);
      const parsed = { raw: stored, source, skipped: {} };
      const [upload] = await filterUploads([parsed], { archive, filters });
      await archive.put([upload!.raw]);
      const after = (await archive.get([stored._hash]))[0] as unknown as Fields;
      deepEqual(after["filters"], ["f"]);
    });
  }
}

/** Writes a document with fields of wrong types in place of an instance. */
function damage(store: InstanceStore, instance: Instance, fields: Fields): Promise<void> {
  return store.replace(instance._hash, { ...instance, ...fields } as unknown as Instance);
}

/** Asks a question; returns its status and its data. */
async function ask(
  qtype: string,
  question: Fields,
  { userid, options }: { userid: Hash; options: AnswerOptions & EnvelopeOptions },
): Promise<unknown[]> {
  const { status, report } = await answer(tdql(plain(qtype, question, userid)).query, options);
  return [status, report.data];
}
