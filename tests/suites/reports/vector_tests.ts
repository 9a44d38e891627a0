import { deepEqual, equal, ok } from "../../assert.ts";
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
import { readDocuments } from "./read_documents.ts";

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

const PAGE_SIZE = 10;

/** Registers tests that compare reports with those of the existing system. */
export function vectorTests(test: Test): void {
  for (const name of ["small", "lockheed_martin", "random300", "unicode", "threatrank_graph"]) {
    test(`count and related agree with every vector of ${name}`, async ({ store, graph }) => {
      await store.put(await readDocuments(`reports/${name}/tahoe.jsonl`) as unknown as Instance[]);
      const orgs = (await readDocuments(`reports/${name}/identity.jsonl`))
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
        if (await compare(graph, { query, filter, vector })) compared++;
      }
      ok(compared > 40, String(compared));
    });
  }
}

/** Selects vectors to compare. answer_suite.ts tests the failed and the encrypted ones. */
function isAnswered({ status, qtype, encrypted }: Vector): boolean {
  return status === "ready" && ["count", "related"].includes(qtype) && !encrypted;
}

function orgidsOf(userid: Hash, orgs: readonly Fields[]): Hash[] {
  return orgs.filter(({ _usr_ref }) => (_usr_ref as Hash[]).includes(userid))
    .map(({ _hash }) => _hash as Hash);
}

/** Reads a query; undefined if the contract refuses it, for absent data or a `level` as a float. */
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

type Comparison = {
  readonly query: Exclude<Query, { qtype: "threatrank" }>;
  readonly filter: EventFilter;
  readonly vector: Vector;
};

/** Compares reports; false if the contract differs, in which case only the oracle tests apply. */
async function compare(
  graph: Graph,
  { query, filter, vector }: Comparison,
): Promise<boolean> {
  const { id, data_json, current_page } = vector;
  const wanted = parseJson(data_json);
  const matches = await count(graph, query, filter);
  if (query.qtype === "count") {
    // The existing system stops counting at 100.
    equal(matches < 100n ? matches : 100n, wanted, id);
    return true;
  }
  const { data, currentPage, nextPage } = await related(graph, query, { ...query, filter });
  equal(currentPage, BigInt(current_page), id);
  equal(nextPage, BigInt(query.page + (matches > query.page * PAGE_SIZE ? 1 : 0)), id);
  // The existing system sorts pages differently; from level 2 on, it shows hidden instances and cuts
  // lists at ten.
  if (matches > 0n && (matches > PAGE_SIZE || query.level > 1)) return false;
  if (query.summaryGraph) deepEqual(pathLengths(data), pathLengths(wanted), id);
  deepEqual(comparable(data, query), comparable(wanted, query), id);
  return true;
}

/** Returns the data without order, and only the ends of paths: others may be equally short. */
function comparable(data: Value, { summary, summaryGraph }: RelatedQuery): unknown {
  if (!summary && !summaryGraph) return normalForms(data as Value[]);
  return Object.entries(data as { [subType: string]: Value[] })
    .map(([subType, values]) => [subType, values.map(summaryGraph ? writeEnds : writeJson).sort()])
    .sort();
}

function writeEnds(entry: Value): string {
  const [data, path] = entry as [Value, string[]];
  return writeJson([data!, path[0]!, path.at(-1)!]);
}

/** Returns the length of each path. */
function pathLengths(data: Value): string[] {
  return Object.values(data as { [subType: string]: [Value, string[]][] }).flat()
    .map(([data, path]) => `${writeJson(data)} ${path.length}`).sort();
}
