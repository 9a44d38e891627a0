import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { fieldsIn, parseMispAttribute, parseMispObject, UNREAD } from "./parse.ts";

/** What the event of an attribute or object, to which another refers, is not made of. */
const OWN: ReadonlySet<string> = new Set([
  ...UNREAD,
  "ObjectReference",
  "Sighting",
  "ShadowAttribute",
  "data",
]);

/** UUIDs by which references find an attribute, or an object and its attributes. */
export function uuidsOf(member: Fields): readonly string[] {
  const attributes = fieldsIn(member["Attribute"]).map(parseMispAttribute);
  return [...attributes.map(({ uuid }) => uuid), parseMispAttribute(member).uuid]
    .filter((uuid) => uuid !== undefined);
}

/** UUIDs of everything that the references of an object are about. */
export function uuidsReferred(object: Fields): readonly string[] {
  const { uuid, references } = parseMispObject(object);
  if (references.length === 0) return [];
  return [uuid, ...references.map(({ targetUuid }) => targetUuid)]
    .filter((uuid) => uuid !== undefined);
}

/** What a reference needs of an attribute or object: it becomes the same event again. */
export function referredMember(member: Fields): Fields {
  const entries = Object.entries(member).filter(([name]) => !OWN.has(name));
  return Object.fromEntries(entries.map(([name, value]): [string, Value] => [
    name,
    name === "Attribute" ? fieldsIn(value).map(referredMember) : value,
  ]));
}

/**
 * What the other parts of a large MISP event need of what is around its attributes and objects: they
 * have the same event `misp_event`. Only the first part puts it into the sessions of related events.
 */
export function repeatedHeader(header: Fields): Fields {
  const {
    uuid,
    info,
    date,
    timestamp,
    Orgc,
    Tag,
    Galaxy,
  } = header;
  const clusters = fieldsIn(Galaxy).map((galaxy) => ({
    ...pick(galaxy, ["type"]),
    GalaxyCluster: fieldsIn(galaxy["GalaxyCluster"]).map((one) => pick(one, ["type", "value"])),
  }));
  return {
    ...pick({ uuid, info, date, timestamp }),
    ...(isFields(Orgc) && { Orgc: pick(Orgc, ["name"]) }),
    Tag: fieldsIn(Tag).map((tag) => pick(tag, ["name"])),
    Galaxy: clusters,
  };
}

function pick(
  fields: { readonly [name: string]: Value | undefined },
  names: readonly string[] = Object.keys(fields),
): Fields {
  return Object.fromEntries(
    names.flatMap((name): [string, Value][] => {
      const value = fields[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
