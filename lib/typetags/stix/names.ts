import { readCve } from "../../indicators/cve.ts";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { type Draft, draftAttribute } from "./draft.ts";
import { itemsOf } from "./paths.ts";

const ALIASES = ["aliases", "x_mitre_aliases", "result_name"];

/** Other properties that name locations and analyses; the sub-type is the property's name. */
const OTHER_NAMES = ["country", "region", "city", "product"];

/** Public catalogues whose ids mean the same everywhere, and the sub-types of these ids. */
const CATALOGUES: ReadonlyMap<string, string> = new Map([
  ["cve", "cve"],
  ["cwe", "cwe"],
  ["capec", "capec"],
  ["mitre-attack", "attack_id"],
  ["mitre-pre-attack", "attack_id"],
  ["mitre-mobile-attack", "attack_id"],
  ["mitre-ics-attack", "attack_id"],
]);

/** The STIX id of an object, its ids in catalogues, and the name by which others refer to it. */
export function draftNames(object: Fields): readonly Draft[] {
  const { type, name = "" } = object;
  const cve = type === "vulnerability" ? draftCve(name) : [];
  return [...draftStixId(object), ...draftCatalogueIds(object)].concat(
    draftAttribute("name", name) ?? [],
    cve,
  );
}

/** The STIX id of an object, if it has one. */
export function draftStixId({ id = "" }: Fields): readonly Draft[] {
  return [draftAttribute("stix_id", id) ?? []].flat();
}

/** The names of {@link draftNames} and all other names of an object. */
export function draftAllNames(object: Fields): readonly Draft[] {
  const aliases = ALIASES.flatMap((property) => itemsOf(object[property]))
    .flatMap((alias) => draftAttribute("name", alias) ?? []);
  const others = OTHER_NAMES.flatMap((property) =>
    draftAttribute(property, object[property] ?? "") ?? []
  );
  return [...draftNames(object), ...aliases, ...others];
}

/** The CVE id that a name or id is, if it is one. */
function draftCve(text: Value): readonly Draft[] {
  const cve = typeof text === "string" ? readCve(text.trim()) : undefined;
  return cve === undefined ? [] : [{ subType: "cve", data: cve }];
}

function draftCatalogueIds(object: Fields): readonly Draft[] {
  return itemsOf(object["external_references"]).flatMap((reference) => {
    if (!isFields(reference)) return [];
    const { source_name: source, external_id: id } = reference;
    if (typeof source !== "string" || typeof id !== "string") return [];
    const catalogue = CATALOGUES.get(source.toLowerCase());
    if (catalogue === "cve") return draftCve(id);
    if (catalogue !== undefined) return draftAttribute(catalogue, id) ?? [];
    // An id from any other source means nothing without the name of that source.
    return draftAttribute("external_id", `${source}:${id}`) ?? [];
  });
}
