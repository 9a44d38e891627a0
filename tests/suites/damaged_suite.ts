import { deepEqual, equal } from "../assert.ts";
import { verify } from "../../lib/cli/archive/verify.ts";
import { listMembers } from "../../lib/cli/report/members.ts";
import { orgsOf } from "../../lib/identity/org.ts";
import { filterUploads } from "../../lib/lake/filter_uploads.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Hash, Instance } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
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
      const { flawed, flaws } = await verify(stores.archive, () => {});
      equal(flawed, 1);
      deepEqual(flaws, [{ hash: seen._hash, itype: "?", flaw: `cannot be read: ${reason}` }]);
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
