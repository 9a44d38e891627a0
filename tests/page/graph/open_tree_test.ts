import { deepEqual, equal, ok } from "../../assert.ts";
import fc from "fast-check";
import { GraphModel } from "../../../page/graph/model.ts";
import { OpenTree, type TreeRow } from "../../../page/graph/open_tree.ts";
import { columnPlaces, listPlaces, moreId } from "../../../page/graph/tidy.ts";

function modelOf(links: readonly (readonly [number, number])[]): GraphModel {
  const model = new GraphModel();
  for (const id of new Set([0, ...links.flat()])) {
    model.add({ id: String(id), shape: "attribute", kind: "n" });
  }
  for (const [from, to] of links) model.link(String(from), String(to));
  model.setRoots(["0"]);
  return model;
}

/** A hub with leaves that are numbered from 1. */
function hub(leaves: number): GraphModel {
  return modelOf(Array.from({ length: leaves }, (_, leaf) => [0, leaf + 1]));
}

function shown(rows: readonly TreeRow[]): string {
  return rows.map(({ node, depth, state }) => `${"  ".repeat(depth)}${node.id} ${state}`).join(
    "\n",
  );
}

Deno.test("OpenTree begins with as much as can be seen at a glance", () => {
  equal(shown(new OpenTree(modelOf([[0, 1], [1, 2]])).rows()), "0 open\n  1 open\n    2 leaf");
  const wide = [...Array(20)].map((_, leaf) => [1, leaf + 2] as const);
  equal(
    shown(new OpenTree(modelOf([[0, 1], ...wide])).rows()),
    "0 open\n  1 open\n" + [
      ...Array(12),
    ].map((_, leaf) => `    ${leaf + 2} leaf`).join("\n"),
  );
});

Deno.test("OpenTree opens a hub in steps", () => {
  const tree = new OpenTree(hub(100));
  const counts = () => [tree.rows().length, tree.rows()[0]!.hidden];
  deepEqual(counts(), [13, 88]);
  tree.showMore("0");
  deepEqual(counts(), [37, 64]);
  tree.toggle("0");
  deepEqual(counts(), [1, 0]);
  equal(tree.rows()[0]!.state, "closed");
});

Deno.test("OpenTree shows a node once, and its other connections beside the tree", () => {
  const tree = new OpenTree(modelOf([[0, 1], [0, 2], [1, 3], [2, 3]]));
  const rows = tree.rows();
  equal(shown(rows), "0 open\n  1 open\n    3 leaf\n  2 leaf");
  deepEqual(tree.crossLinks(rows), [["2", "3"]]);
  tree.toggle("1");
  tree.toggle("2");
  equal(shown(tree.rows()), "0 open\n  1 closed\n  2 closed");
  deepEqual(tree.crossLinks(tree.rows()), []);
});

Deno.test("OpenTree and its places put every node in sight once, whatever is opened", () => {
  const node = fc.nat({ max: 30 });
  const links = fc.array(fc.tuple(node, node), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(links, fc.array(node, { maxLength: 20 }), (pairs, toggled) => {
    const model = modelOf(pairs);
    const tree = new OpenTree(model);
    for (const id of toggled) tree.toggle(String(id));
    const rows = tree.rows();
    const ids = rows.map((row) => row.node.id);
    equal(new Set(ids).size, ids.length);
    const columns = columnPlaces(rows, { widthOf: () => 100, rowHeight: 36, gap: 64 });
    const expected = rows.flatMap(({ node: { id }, hidden }) =>
      hidden > 0 ? [id, moreId(id)] : [id]
    );
    for (const places of [columns, listPlaces(rows)]) {
      deepEqual([...places.keys()].sort(), expected.toSorted());
      const spots = [...places.values()].map(({ x, y }) => `${x} ${y}`);
      equal(new Set(spots).size, spots.length);
      for (const { node: { id }, parent } of rows) {
        if (parent !== undefined) ok(places.get(parent)!.x < places.get(id)!.x, `${parent} ${id}`);
      }
    }
  }));
});

Deno.test("OpenTree begins with fewer neighbours of the first of many roots", () => {
  const model = hub(100);
  for (let root = 200; root < 209; root++) {
    model.add({ id: String(root), shape: "event", kind: "n" });
    model.link(String(root), String(root + 100));
  }
  model.setRoots(["0", ...Array.from({ length: 9 }, (_, root) => String(200 + root))]);
  const rows = new OpenTree(model).rows();
  deepEqual([rows.length, rows[0]!.hidden], [14, 96]);
});

Deno.test("listPlaces gives each node a line, right of the one from which it was opened", () => {
  const tree = new OpenTree(modelOf([[0, 1], [1, 2], [0, 3]]));
  deepEqual([...listPlaces(tree.rows())], [
    ["0", { x: 0, y: 0 }],
    ["1", { x: 20, y: 24 }],
    ["2", { x: 40, y: 48 }],
    ["3", { x: 20, y: 72 }],
  ]);
});

Deno.test("OpenTree says that a node may be opened of which nothing is known yet", () => {
  const model = modelOf([[0, 1]]);
  model.setUnknown("1");
  const tree = new OpenTree(model);
  equal(shown(tree.rows()), "0 open\n  1 closed");
  for (const id of ["2", "3"]) model.add({ id, shape: "attribute", kind: "n" });
  model.link("1", "2");
  model.link("2", "3");
  model.crossLink("3", "0");
  model.setKnown("1");
  tree.openAtGlance("1");
  const rows = tree.rows();
  equal(shown(rows), "0 open\n  1 open\n    2 open\n      3 leaf");
  deepEqual(tree.crossLinks(rows), [["0", "3"]]);
});
