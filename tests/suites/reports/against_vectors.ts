import { deepEqual, equal, ok } from "node:assert/strict";
import { count } from "../../../lib/graph/count.ts";
import type { EventFilter, Graph } from "../../../lib/graph/graph.ts";
import { related } from "../../../lib/graph/related.ts";
import type { Hash, Instance } from "../../../lib/tahoe/instance.ts";
import { parseJson, writeJson } from "../../../lib/tahoe/json.ts";
import type { Fields, Value } from "../../../lib/tahoe/value.ts";
import { type Query, readQuery, type RelatedQuery } from "../../../lib/tdql/query.ts";
import { QueryError } from "../../../lib/tdql/query_error.ts";
import { timeRange } from "../../../lib/tdql/time_range.ts";
import { normalForms } from "../../normal_form.ts";
import { readVectors } from "../../vectors.ts";
import type { OpenedGraph } from "../open_graph.ts";
import { documents } from "./documents.ts";

type Vector = {
  id: string;
  qtype: string;
  query_json: string;
  userid: Hash;
  encrypted: boolean;
  status: "ready" | "failed";
  data_json: string;
  current_page: number;
};
type Test = (behaviour: string, body: (opened: OpenedGraph) => Promise<void>) => void;

const PAGE = 10;

/** What the existing system answered, where the contract is the same. */
export function againstVectors(test: Test): void {
  for (const name of ["small", "lockheed_martin", "random300", "unicode", "threatrank_graph"]) {
    test(`count and related agree with every vector of ${name}`, async ({ store, graph }) => {
      await store.put(await documents(`reports/${name}/tahoe.jsonl`) as unknown as Instance[]);
      const orgs = (await documents(`reports/${name}/identity.jsonl`))
        .filter(({ sub_type }) => sub_type === "cybexp_org");
      const { now, queries } = JSON.parse(await readVectors(`reports/${name}/cases.json`));
      let compared = 0;
      for (const vector of (queries as Vector[]).filter(isAnswered)) {
        const query = queryOf(vector);
        if (query === undefined) continue;
        const { start, end } = timeRange(query.time, now);
        const filter = {
          orgids: orgidsOf(vector.userid, orgs),
          category: query.category,
          start: start || -Infinity,
          end: end || Infinity,
        };
        if (await compare(graph, query, filter, vector)) compared++;
      }
      ok(compared > 40, `${compared}`);
    });
  }
}

/** Failed ones are looked at where whole queries are answered, and so are encrypted ones. */
function isAnswered({ status, qtype, encrypted }: Vector): boolean {
  return status === "ready" && ["count", "related"].includes(qtype) && !encrypted;
}

function orgidsOf(userid: Hash, orgs: readonly Fields[]): Hash[] {
  return orgs.filter(({ _usr_ref }) => (_usr_ref as Hash[]).includes(userid))
    .map(({ _hash }) => _hash as Hash);
}

/** Nothing if the contract refuses what the existing system took: no data, `level` as a float. */
function queryOf(
  { qtype, query_json, id }: Vector,
): Exclude<Query, { qtype: "threatrank" }> | undefined {
  const fields = parseJson(query_json) as Fields;
  try {
    return readQuery(qtype, fields) as Exclude<Query, { qtype: "threatrank" }>;
  } catch (error) {
    ok(error instanceof QueryError, id);
    ok(!("data" in fields) || [fields["level"], fields["page"]].some(isFloat), id);
    return undefined;
  }
}

function isFloat(value: Value | undefined): boolean {
  return typeof value === "number";
}

/** False if the contract differs there from the existing system: then the oracle says what is right. */
async function compare(
  graph: Graph,
  query: Exclude<Query, { qtype: "threatrank" }>,
  filter: EventFilter,
  { id, data_json, current_page }: Vector,
): Promise<boolean> {
  const wanted = parseJson(data_json);
  const matches = await count(graph, query, filter);
  if (query.qtype === "count") {
    // The existing system stops there.
    equal(matches < 100n ? matches : 100n, wanted, id);
    return true;
  }
  const { data, currentPage, nextPage } = await related(graph, query, filter, query);
  equal(currentPage, BigInt(current_page), id);
  equal(nextPage, BigInt(query.page + (matches > query.page * PAGE ? 1 : 0)), id);
  // Its pages are in another order; from level 2 on it shows what is hidden and cuts lists at ten.
  if (matches > 0n && (matches > PAGE || query.level > 1)) return false;
  if (query.summaryGraph) deepEqual(steps(data), steps(wanted), id);
  deepEqual(comparable(data, query), comparable(wanted, query), id);
  return true;
}

/** The data, without an order; of paths, where one may be as short as another, the ends. */
function comparable(data: Value, { summary, summaryGraph }: RelatedQuery): unknown {
  if (!summary && !summaryGraph) return normalForms(data as Value[]);
  return Object.entries(data as { [subType: string]: Value[] })
    .map(([subType, values]) => [subType, values.map(summaryGraph ? endsOf : writeJson).sort()])
    .sort();
}

function endsOf(entry: Value): string {
  const [data, path] = entry as [Value, string[]];
  return writeJson([data!, path[0]!, path.at(-1)!]);
}

/** How long each path is. */
function steps(data: Value): string[] {
  return Object.values(data as { [subType: string]: [Value, string[]][] }).flat()
    .map(([data, path]) => `${writeJson(data)} ${path.length}`).sort();
}
