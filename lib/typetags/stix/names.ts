import { type Fields, isFields } from "../../tahoe/value.ts";
import { itemsOf } from "./paths.ts";
import { type Draft, draftAttribute } from "./draft.ts";

const ALIASES = ["aliases", "x_mitre_aliases", "result_name"];
/** What locations and analyses are known by; each is the sub-type, too. */
const OTHER_NAMES = ["country", "region", "city", "product"];

/** Who gives ids that mean the same everywhere, and the sub-type of these. */
const CATALOGUES: ReadonlyMap<string, string> = new Map([
  ["cve", "cve"],
  ["cwe", "cwe"],
  ["capec", "capec"],
  ["mitre-attack", "attack_id"],
  ["mitre-pre-attack", "attack_id"],
  ["mitre-mobile-attack", "attack_id"],
  ["mitre-ics-attack", "attack_id"],
]);

/** The name by which others know an object, its ids in public catalogues, and its STIX id. */
export function namesOf(object: Fields): readonly Draft[] {
  const { type, name = "" } = object;
  const isCve = type === "vulnerability" && typeof name === "string" && /^CVE-[0-9]/i.test(name);
  const cve = isCve ? draftAttribute("cve", name.toUpperCase()) ?? [] : [];
  return [...stixIdOf(object), ...catalogueIds(object)].concat(
    draftAttribute("name", name) ?? [],
    cve,
  );
}

export function stixIdOf({ id = "" }: Fields): readonly Draft[] {
  return [draftAttribute("stix_id", id) ?? []].flat();
}

/** Those, and all its other names. */
export function allNamesOf(object: Fields): readonly Draft[] {
  const aliases = ALIASES.flatMap((property) => itemsOf(object[property]))
    .flatMap((alias) => draftAttribute("name", alias) ?? []);
  const others = OTHER_NAMES.flatMap((property) =>
    draftAttribute(property, object[property] ?? "") ?? []
  );
  return [...namesOf(object), ...aliases, ...others];
}

function catalogueIds(object: Fields): readonly Draft[] {
  return itemsOf(object["external_references"]).flatMap((reference) => {
    if (!isFields(reference)) return [];
    const { source_name: source, external_id: id } = reference;
    if (typeof source !== "string" || typeof id !== "string") return [];
    const catalogue = CATALOGUES.get(source.toLowerCase());
    if (catalogue !== undefined) return draftAttribute(catalogue, id) ?? [];
    // What others count by says nothing without the name of who counts.
    return draftAttribute("external_id", `${source}:${id}`) ?? [];
  });
}
