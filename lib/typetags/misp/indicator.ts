import type { Child } from "../../tahoe/children.ts";
import type { Attribute } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { isSet, textOf } from "./fields.ts";
import { identifier } from "./identifier.ts";
import { bounded } from "./scope.ts";
import { type Shape, shapeOf } from "./types.ts";

/** What a MISP attribute stands for. */
export type MispIndicator = {
  /** An attribute, or the object of several. */
  readonly child: Child;
  /** Those of its attributes that tell it from others: a port alone does not. */
  readonly telling: readonly Attribute[];
  /** All of its attributes. */
  readonly parts: readonly Attribute[];
  /** MISP's `to_ids`: seeing it means an attack. */
  readonly isMalicious: boolean;
};

/** Reads a MISP attribute that is not deleted. */
export function readIndicator(
  fields: Fields,
  collector: InstanceCollector,
): MispIndicator | undefined {
  const type = textOf(fields["type"]);
  const value = textOf(fields["value"]);
  if (isSet(fields["deleted"])) return void collector.skip("deleted attribute");
  if (type === undefined || value === undefined) {
    return void collector.skip("attribute without a type or value");
  }
  if (textOf(fields["data"]) !== undefined) collector.skip("file within an attribute");
  const { parts: named, object } = shapeOf(type, value, textOf(fields["object_relation"])) ??
    unfit(type, value, collector);
  const parts = named.map(([subType, data]) => collector.attribute(subType, data));
  const child = object === undefined
    ? parts[0]!
    : collector.object(object, bounded(parts, collector));
  const telling = parts.length === 1 ? parts : parts.filter(({ sub_type }) => sub_type !== "port");
  return { child, telling, parts, isMalicious: isSet(fields["to_ids"]) };
}

/** The child and its telling attributes, to be put in a context. */
export function contextOf({ child, telling }: MispIndicator): readonly Child[] {
  return [child, ...telling];
}

function unfit(type: string, value: string, collector: InstanceCollector): Shape {
  collector.skip("value that does not fit its type, kept under the type's name");
  return { parts: [[identifier(type), value]] };
}
