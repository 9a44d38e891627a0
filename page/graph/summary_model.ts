import type { NamedValue, PageQuestion, RelatedValue } from "../answer.ts";
import { counted } from "../numbers.ts";
import { valueKey } from "../read/read_related.ts";
import { GraphModel, type NodeShape } from "./model.ts";

/** Most values of one kind in one place that are not put into a group. */
const MOST_SINGLE = 5;

/**
 * Makes the graph of a summary: the way from what was asked to each value. Events and objects of one
 * kind on the same way are one node, and many values of one kind are a group.
 */
export function summaryModel(
  { asked, found: [first] }: PageQuestion,
  related: readonly RelatedValue[],
): GraphModel {
  const model = new GraphModel();
  buildSummary(model, first ?? asked, related);
  return model;
}

/** Builds the graph of a summary about one value, which is its root. */
export function buildSummary(
  model: GraphModel,
  value: NamedValue,
  related: readonly RelatedValue[],
): void {
  const root = valueKey(value);
  model.add({ id: root, shape: "attribute", kind: value.subType, value });
  addSummary(model, root, related);
  model.setRoots([root]);
}

/** Adds the ways from one value of a graph to those that are related to it. */
export function addSummary(
  model: GraphModel,
  root: string,
  related: readonly RelatedValue[],
): void {
  for (const { end, values } of groupByWay(model, root, related)) addValues(model, end, values);
}

/** Values of one kind at the end of one way. */
type ValueGroup = { readonly end: string; readonly values: RelatedValue[] };

function groupByWay(
  model: GraphModel,
  root: string,
  related: readonly RelatedValue[],
): Iterable<ValueGroup> {
  const groups = new Map<string, ValueGroup>();
  for (const value of related) {
    const { path = [], subType } = value;
    // What was asked has a path of itself only.
    if (path.length === 1) continue;
    const end = addWay(model, root, path.slice(1, -1).toReversed());
    const key = `${end} ${subType}`;
    const group = groups.get(key) ?? { end, values: [] };
    groups.set(key, group);
    group.values.push(value);
  }
  return groups.values();
}

/** Adds the nodes of a way; returns the id of its last one. */
function addWay(model: GraphModel, root: string, labels: readonly string[]): string {
  let end = root;
  for (const label of labels) {
    const [kind = "", itype = ""] = label.split("=");
    const id = `${end} > ${label}`;
    model.add({ id, shape: itype as NodeShape, kind });
    model.link(end, id);
    end = id;
  }
  return end;
}

function addValues(model: GraphModel, end: string, values: readonly RelatedValue[]): void {
  const { subType } = values[0]!;
  let parent = end;
  if (values.length > MOST_SINGLE) {
    parent = `${end} > ${subType}`;
    const note = counted(values.length, "value");
    model.add({ id: parent, shape: "group", kind: subType, note });
    model.link(end, parent);
  }
  for (const value of values) {
    // Wherever it is found, it is the same node.
    const id = valueKey(value);
    if (model.has(id)) {
      model.crossLink(parent, id);
      continue;
    }
    const note = value.events === undefined ? undefined : counted(value.events, "event");
    const node = { id, shape: "attribute", kind: subType, value } as const;
    model.add({ ...node, ...(note !== undefined && { note }) });
    model.link(parent, id);
  }
}
