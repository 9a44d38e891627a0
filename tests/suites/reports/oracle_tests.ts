import { deepEqual, equal, ok } from "../../assert.ts";
import fc from "fast-check";
import { count } from "../../../lib/graph/count.ts";
import {
  type AskedAttributes,
  type EventFilter,
  type Graph,
  holderFilter,
} from "../../../lib/graph/graph.ts";
import { related, type RelatedOptions } from "../../../lib/graph/related.ts";
import type { Instance } from "../../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../../lib/tahoe/instances.ts";
import { writeJson } from "../../../lib/tahoe/json.ts";
import type { Value } from "../../../lib/tahoe/value.ts";
import { normalForm, normalForms } from "../../normal_form.ts";
import { collect } from "../open_instances.ts";
import type { OpenedGraph, OpenGraph } from "../open_graph.ts";
import { ARCHIVES, ASKED_ATTRIBUTES, FILTERS } from "./arbitrary_archive.ts";
import { isPath, matchingEvents, pathLengths, reachedFrom, visiblePart } from "./oracle.ts";

type Test = (behaviour: string, body: (opened: OpenedGraph) => Promise<void>) => void;

const PAGE_SIZE = 10;

const QUESTIONS = fc.array(
  fc.record({
    asked: ASKED_ATTRIBUTES,
    filter: FILTERS,
    level: fc.integer({ min: 1, max: 3 }),
    page: fc.constantFrom(1, 1, 1, 2, 3),
    returnType: fc.constantFrom("all", "all", "attribute", "event", "object", "session"),
  }),
  { minLength: 10, maxLength: 10 },
);
type Question = {
  readonly asked: AskedAttributes;
  readonly filter: EventFilter;
} & Pick<RelatedOptions, "level" | "page" | "returnType">;

/** Registers tests that compare reports on random archives with a plain search. */
export function oracleTests(test: Test, open: OpenGraph, runs: number): void {
  test("count and related agree with the contract, in every form", async ({ store, graph }) => {
    await fc.assert(
      fc.asyncProperty(ARCHIVES, QUESTIONS, async (archive, questions) => {
        await fill(store, archive);
        for (const question of questions) await checkReports(graph, archive, question);
      }),
      { numRuns: runs },
    );
  });

  test("reports equal those of an archive without hidden instances", async ({ store, graph }) => {
    const bare = await open();
    try {
      await fc.assert(
        fc.asyncProperty(ARCHIVES, QUESTIONS, async (archive, questions) => {
          await fill(store, archive);
          const { orgids } = questions[0]!.filter;
          await fill(bare.store, visiblePart(archive, orgids));
          for (const question of questions) {
            const seen = { ...question, filter: { ...question.filter, orgids } };
            deepEqual(await allForms(graph, seen), await allForms(bare.graph, seen));
          }
        }),
        { numRuns: runs },
      );
    } finally {
      await bare.close();
    }
  });
}

async function fill(store: InstanceStore, archive: readonly Instance[]): Promise<void> {
  for (const { _hash } of await collect(store.all())) await store.remove(_hash);
  await store.put(archive);
}

async function checkReports(graph: Graph, archive: readonly Instance[], question: Question) {
  const { asked, filter, level, page, returnType } = question;
  const held = holderFilter(asked);
  const matches = matchingEvents(archive, held, filter);
  equal(await count(graph, asked, filter), BigInt(matches.length));

  const events = matches.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const reached = reachedFrom(archive, events, { filter, level });
  const pages = {
    currentPage: BigInt(page),
    nextPage: BigInt(matches.length > page * PAGE_SIZE ? page + 1 : page),
  };
  const { data: listed, ...listedPages } = await listRelated(graph, question);
  deepEqual(listedPages, pages);
  const wanted = reached.filter(({ itype }) => [itype, "all"].includes(returnType));
  deepEqual(normalForms(listed as Value[]), normalForms(wanted as unknown as Value[]));

  const { data: summed, ...summedPages } = await summarise(graph, question);
  deepEqual(summedPages, pages);
  const attributes = reached.filter(({ itype }) => itype === "attribute");
  deepEqual(
    pairs(summed),
    attributes.map(({ sub_type, data }) => writeJson([sub_type, data])).sort(),
  );

  const { data: drawn, ...drawnPages } = await drawGraph(graph, question);
  deepEqual(drawnPages, pages);
  checkPaths(drawn, reached, held.hashes);
}

/** Asserts that each attribute is there once, with a path to a start of the least length. */
function checkPaths(drawn: Value, reached: readonly Instance[], starts: readonly string[]): void {
  const lengths = pathLengths(reached, starts);
  const entries = Object.entries(drawn as { [subType: string]: [Value, string[]][] })
    .flatMap(([subType, values]) => values.map(([data, path]) => ({ subType, data, path })));
  const attributes = reached.filter(({ itype }) => itype === "attribute");
  equal(entries.length, attributes.length);
  for (const { subType, data, path } of entries) {
    const node = attributes.find((each) => each.sub_type === subType && each.data === data);
    ok(node !== undefined, `${subType} ${data}`);
    equal(path.length, lengths.get(node._hash));
    ok(isPath(reached, path, { from: node._hash, to: starts }), path.join());
  }
}

function pairs(summed: Value): string[] {
  return Object.entries(summed as { [subType: string]: Value[] })
    .flatMap(([subType, values]) => values.map((data) => writeJson([subType, data]))).sort();
}

/** Returns what reports in every form contain, in a comparable order. */
async function allForms(graph: Graph, question: Question): Promise<string[]> {
  const [{ data, nextPage }, summed, drawn] = [
    await listRelated(graph, question),
    await summarise(graph, question),
    await drawGraph(graph, question),
  ];
  const documents = (data as Value[]).map(normalForm).sort();
  return [...documents, ...pairs(summed.data), ...pairs(drawn.data), `${nextPage}`];
}

function listRelated(graph: Graph, question: Question) {
  return ask(graph, question, { summary: false, summaryGraph: false });
}

function summarise(graph: Graph, question: Question) {
  return ask(graph, question, { summary: true, summaryGraph: false });
}

function drawGraph(graph: Graph, question: Question) {
  return ask(graph, question, { summary: true, summaryGraph: true });
}

function ask(
  graph: Graph,
  { asked, ...options }: Question,
  form: Pick<RelatedOptions, "summary" | "summaryGraph">,
) {
  return related(graph, asked, { ...options, ...form });
}
