import { deepEqual } from "../../assert.ts";
import { ShortestPaths } from "../../../lib/graph/related/shortest_paths.ts";

/** Finds the paths to `s` in a graph of edges such as `a-b`; each node is its own label. */
function findPaths(edges: readonly string[]): ShortestPaths {
  const paths = new ShortestPaths();
  for (const edge of edges) {
    const [from, to] = edge.split("-") as [string, string];
    paths.add(to, to, []);
    paths.add(from, from, [to]);
  }
  paths.findPathsTo(["s"]);
  return paths;
}

Deno.test("ShortestPaths returns to the start over as few links as possible", () => {
  const table: [string, string, string][] = [
    ["s-a", "s", "s"],
    ["s-a", "a", "as"],
    ["a-s", "a", "as"],
    ["s-a a-b b-c", "c", "cbas"],
    ["s-a a-b b-c c-s", "c", "cs"],
    ["s-a a-b b-s", "b", "bs"],
    ["s-a s-b a-c b-c", "c", "cas"],
    ["s-s s-a", "a", "as"],
    ["s-a b-c", "c", ""],
    ["s-a", "nowhere", ""],
    ["a-b", "a", ""],
  ];
  for (const [graph, from, path] of table) {
    deepEqual(findPaths(graph.split(" ")).pathFrom(from), [...path], graph);
  }
});

Deno.test("ShortestPaths chooses the same of equally short paths, in whatever order links are added", () => {
  const edges = "s-a s-b s-c a-d b-d c-d d-e".split(" ");
  for (let turn = 0; turn < edges.length; turn++) {
    const rotated = [...edges.slice(turn), ...edges.slice(0, turn)];
    deepEqual(findPaths(rotated).pathFrom("e"), [..."edas"], rotated.join());
  }
});

Deno.test("ShortestPaths ignores links to nodes that were not added", () => {
  const paths = new ShortestPaths();
  paths.add("s", "s", ["hidden", "a"]);
  paths.add("a", "a", []);
  paths.add("b", "b", ["hidden"]);
  paths.findPathsTo(["s"]);
  deepEqual(["hidden", "b", "a"].map((node) => paths.pathFrom(node)), [[], [], ["a", "s"]]);
});
