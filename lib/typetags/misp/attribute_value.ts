import { urlHost } from "../../indicators/url_host.ts";
import type { Child } from "../../tahoe/children.ts";
import type { Attribute } from "../../tahoe/instance.ts";
import { convertValue } from "./attribute_types.ts";
import type { MispValue } from "./core_format.ts";
import type { MispEventBuilder } from "./event_builder.ts";
import { subTypeFor } from "./sub_type.ts";

/** What the value of a MISP attribute became. */
export type AttributeValue = {
  /** One attribute, or an object of several. */
  readonly child: Child;
  readonly attributes: readonly Attribute[];
  /** Attributes that tell the value from others; a port alone does not. */
  readonly distinctive: readonly Attribute[];
  /** Hosts of URLs, which events hold beside the value, outside every context. */
  readonly hosts: readonly Attribute[];
  readonly isMalicious: boolean;
};

/** Builds the value of a MISP attribute. Undefined, and counted, if it is deleted or incomplete. */
export function buildValue(
  { type, value, relation, isDeleted, isMalicious, hasFile }: MispValue,
  builder: MispEventBuilder,
): AttributeValue | undefined {
  const { collector } = builder;
  if (isDeleted) return void collector.skip("deleted attribute");
  if (type === undefined || value === undefined) {
    return void collector.skip("attribute without a type or value");
  }
  if (hasFile) collector.skip("file within an attribute");
  let converted = convertValue(type, value, relation);
  if (converted === undefined) {
    collector.skip("value that does not fit its type, kept under the type's name");
    converted = { parts: [[subTypeFor(type), value]] };
  }
  const { parts, object } = converted;
  const attributes = parts.map(([subType, data]) => collector.attribute(subType, data));
  const child = object === undefined ? attributes[0]! : builder.object(object, attributes);
  const distinctive = attributes.length === 1
    ? attributes
    : attributes.filter(({ sub_type }) => sub_type !== "port");
  const hosts = parts.flatMap(([subType, data]) =>
    subType === "url" ? urlHost(String(data)) ?? [] : []
  ).map(({ subType, data }) => collector.attribute(subType, data));
  return { child, attributes, distinctive, hosts, isMalicious };
}

/** The children that an event marks with its category: the value and what tells it from others. */
export function markedChildren({ child, distinctive }: AttributeValue): readonly Child[] {
  return [child, ...distinctive];
}
