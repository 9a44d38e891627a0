import { deepEqual, match, ok } from "../assert.ts";
import { verify } from "../../lib/cli/archive/verify.ts";
import { listMembers } from "../../lib/cli/report/members.ts";
import type { EdgeSource } from "../../lib/graph/edge_follower.ts";
import type { Edges } from "../../lib/graph/edges.ts";
import { ResidentRanks } from "../../lib/graph/resident_ranks.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { answer } from "../../lib/tdql/answer.ts";
import { tdql } from "../../lib/tdql/tdql.ts";
import { addMembers, type Answering, answerOptions, anyKey, plain } from "./answer_suite.ts";

const NOW = 1_600_000_000;

/** An attribute that only sound events hold; those are by `addMembers`. */
const SOUND = { sub_type: "ipv4", data: "203.0.113.7" };

/** An attribute that damaged events hold, too. */
export const SHARED = attribute("ipv4", "203.0.113.8");

const SHARED_QUESTION = { sub_type: "ipv4", data: SHARED.data };

export type HostileArchive = Answering & { readonly edges: Edges & EdgeSource };

/**
 * Asserts that questions which need no damaged instance are answered as before `damage`, and that
 * all others are answered or say which instance cannot be read.
 */
export async function testHostileArchive(
  stores: HostileArchive,
  damage: (orgid: string) => Promise<void>,
): Promise<void> {
  const { userid, stranger, orgid, seen } = await addMembers(stores);
  const shared = event("sighting", SHARED, { orgid, timestamp: NOW - 20 });
  await stores.archive.put([SHARED, shared]);
  const options = answerOptions(stores, await anyKey(), NOW);
  const ask = async (qtype: string, question: Fields, asker = userid) => {
    const { status, report } = await answer(tdql(plain(qtype, question, asker)).query, options);
    return [status, report.data];
  };
  const askOthers = () =>
    Promise.all([
      ask("count", SOUND),
      ask("count", { ...SOUND, match: "equivalent" }),
      ask("related", { ...SOUND, level: 3n }),
      ask("threatrank", { _hash: seen._hash }),
      ask("count", SHARED_QUESTION, stranger),
      ask("related", SHARED_QUESTION, stranger),
    ]);
  const before = await askOthers();
  deepEqual(before.map(([status]) => status), before.map(() => "ready"));
  await damage(orgid);
  deepEqual(await askOthers(), before);
  for (
    const [qtype, question] of [
      ["count", SHARED_QUESTION],
      ["count", { ...SHARED_QUESTION, match: "equivalent", by: "month", from: "2020-01-01" }],
      ["count", { ...SHARED_QUESTION, category: "malicious" }],
      ["related", SHARED_QUESTION],
      ["related", { ...SHARED_QUESTION, level: 2n, match: "equivalent" }],
      ["threatrank", { _hash: shared._hash }],
    ] as const
  ) {
    const [status, data] = await ask(qtype, question);
    if (status === "failed") match(String(data), /^ServerError: Instance .* cannot be read: /);
  }
  const { flawed } = await verify(stores.archive, () => {});
  ok(flawed > 0, String(flawed));
  const { users } = await listMembers(stores.identity);
  ok(users.length >= 2, String(users.length));
  const { edges } = stores;
  const ranks = new ResidentRanks(edges, { decay: 0.998, maxBytes: 1e9, followsChanges: false });
  match(String((await ranks.build()).fault), /^DamagedInstance: Instance .* cannot be read: /);
  await ranks.close();
}
