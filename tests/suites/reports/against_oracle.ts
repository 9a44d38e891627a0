import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { count } from "../../../lib/graph/count.ts";
import {
  type AskedAttribute,
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
import { archiveArbitrary, askedArbitrary, filterArbitrary } from "./arbitrary_archive.ts";
import { isPath, matching, pathLengths, reachedFrom, visiblePart } from "./oracle.ts";

type Test = (behaviour: string, body: (opened: OpenedGraph) => Promise<void>) => void;

const PAGE = 10;

const questions = fc.array(
  fc.record({
    asked: askedArbitrary,
    filter: filterArbitrary,
    level: fc.integer({ min: 1, max: 3 }),
    page: fc.constantFrom(1, 1, 1, 2, 3),
    returnType: fc.constantFrom("all", "all", "attribute", "event", "object", "session"),
  }),
  { minLength: 10, maxLength: 10 },
);
type Question = {
  readonly asked: AskedAttribute;
  readonly filter: EventFilter;
} & Pick<RelatedOptions, "level" | "page" | "returnType">;

/** Small archives at random, against a plain search through all of them. */
export function againstOracle(test: Test, open: OpenGraph, runs: number): void {
  test("count and related are what the contract says, in every form", async ({ store, graph }) => {
    await fc.assert(
      fc.asyncProperty(archiveArbitrary, questions, async (archive, questions) => {
        await fill(store, archive);
        for (const question of questions) await check(graph, archive, question);
      }),
      { numRuns: runs },
    );
  });

  test("reports are those of an archive without what is hidden", async ({ store, graph }) => {
    const bare = await open();
    try {
      await fc.assert(
        fc.asyncProperty(archiveArbitrary, questions, async (archive, questions) => {
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

async function check(graph: Graph, archive: readonly Instance[], question: Question) {
  const { asked, filter, level, page, returnType } = question;
  const held = holderFilter(asked);
  const matches = matching(archive, held, filter);
  equal(await count(graph, asked, filter), BigInt(matches.length));

  const events = matches.slice((page - 1) * PAGE, page * PAGE);
  const reached = reachedFrom(archive, events, filter, level);
  const pages = {
    currentPage: BigInt(page),
    nextPage: BigInt(matches.length > page * PAGE ? page + 1 : page),
  };
  const { data: listed, ...listedPages } = await list(graph, question);
  deepEqual(listedPages, pages);
  const wanted = reached.filter(({ itype }) => [itype, "all"].includes(returnType));
  deepEqual(normalForms(listed as Value[]), normalForms(wanted as unknown as Value[]));

  const { data: summed, ...summedPages } = await sum(graph, question);
  deepEqual(summedPages, pages);
  const attributes = reached.filter(({ itype }) => itype === "attribute");
  deepEqual(
    pairs(summed),
    attributes.map(({ sub_type, data }) => writeJson([sub_type, data])).sort(),
  );

  const { data: drawn, ...drawnPages } = await draw(graph, question);
  deepEqual(drawnPages, pages);
  checkPaths(drawn, reached, held.hash);
}

/** Each attribute once, with a path to the start that is as short as one can be. */
function checkPaths(drawn: Value, reached: readonly Instance[], start: string): void {
  const lengths = pathLengths(reached, start);
  const entries = Object.entries(drawn as { [subType: string]: [Value, string[]][] })
    .flatMap(([subType, values]) => values.map(([data, path]) => ({ subType, data, path })));
  const attributes = reached.filter(({ itype }) => itype === "attribute");
  equal(entries.length, attributes.length);
  for (const { subType, data, path } of entries) {
    const node = attributes.find((each) => each.sub_type === subType && each.data === data);
    ok(node !== undefined, `${subType} ${data}`);
    equal(path.length, lengths.get(node._hash));
    ok(isPath(reached, path, node._hash, start), path.join());
  }
}

function pairs(summed: Value): string[] {
  return Object.entries(summed as { [subType: string]: Value[] })
    .flatMap(([subType, values]) => values.map((data) => writeJson([subType, data]))).sort();
}

/** All that a report can say, comparable. */
async function allForms(graph: Graph, question: Question): Promise<string[]> {
  const [{ data, nextPage }, summed, drawn] = [
    await list(graph, question),
    await sum(graph, question),
    await draw(graph, question),
  ];
  const documents = (data as Value[]).map(normalForm).sort();
  return [...documents, ...pairs(summed.data), ...pairs(drawn.data), `${nextPage}`];
}

function list(graph: Graph, question: Question) {
  return ask(graph, question, { summary: false, summaryGraph: false });
}

function sum(graph: Graph, question: Question) {
  return ask(graph, question, { summary: true, summaryGraph: false });
}

function draw(graph: Graph, question: Question) {
  return ask(graph, question, { summary: true, summaryGraph: true });
}

function ask(
  graph: Graph,
  { asked, filter, ...options }: Question,
  form: Pick<RelatedOptions, "summary" | "summaryGraph">,
) {
  return related(graph, asked, filter, { ...options, ...form });
}
