import type { AttributeName } from "../tahoe/attribute.ts";
import type { Scalar } from "../tahoe/value.ts";
import { withoutZone } from "./address_spellings.ts";
import { readDomain } from "./domain.ts";
import { NotUnderstood } from "./not_understood.ts";
import { recognise } from "./recognise.ts";
import { hasOwnForm, spellingsAs } from "./spellings.ts";
import { unwrap } from "./unwrap.ts";

export { hasOwnForm, NotUnderstood };

/** What somebody asks for: in its normal form, and as every attribute that means the same. */
export type Meaning = {
  readonly normal: AttributeName;
  /** Each once; the normal form is the first. */
  readonly attributes: readonly AttributeName[];
};

/**
 * Finds out what a pasted value means: an address, name, URL … of any spelling, also defanged, in its
 * normal form, and as the attributes under which importers store it. Without a sub-type its kind is
 * recognised as the typetag `ioc_list` does.
 *
 * @throws {NotUnderstood} when the value cannot be of this sub-type, or is of no clear kind.
 */
export function meaning(subType: string | undefined, value: Scalar): Meaning {
  const text = String(value);
  const asked = subType ?? recogniseSubType(text);
  const { normal, others } = spellingsAs(asked, value);
  return { normal, attributes: unique([normal, ...others, { subType: asked, data: value }]) };
}

/**
 * The sub-type of a value that says by itself what it is.
 *
 * @throws {NotUnderstood} when it could be several things; the message names them.
 */
export function recogniseSubType(text: string): string {
  const trimmed = text.trim();
  const plain = unwrap(trimmed);
  if (plain === "") throw new NotUnderstood("", "is no value: give one");
  const found = recognise(withoutZone(plain), plain !== trimmed);
  if (found !== undefined) return found.subType;
  if (/^AS ?[0-9]{1,10}$/i.test(plain)) return "asn";
  if (/^mailto:/i.test(plain) || /^[^<>]*<[^\s<>]+@[^\s<>]+>$/.test(plain)) return "email_addr";
  const candidates = candidatesFor(plain);
  throw new NotUnderstood(
    plain,
    candidates.length === 0
      ? "is not an IPv4 address: it has four numbers from 0 to 255"
      : `is of no clear kind: it may be ${candidates.join(", ")} or another; give the sub-type ` +
        `before it, such as ${candidates[0]}`,
  );
}

/** Sub-types that a value of no clear kind may have, the likeliest first. */
function candidatesFor(text: string): readonly string[] {
  if (/^[0-9]+(?:\.[0-9]+){2,}(?:\/[0-9]*)?$/.test(text)) return [];
  if (/^[0-9]+$/.test(text)) return Number(text) > 65535 ? ["asn"] : ["port", "asn"];
  if (/\s/.test(text)) return ["subject", "filename", "body"];
  if (/[\\/]/.test(text)) return ["filename", "path", "url"];
  if (text.includes("@")) return ["username", "email_addr"];
  if (readDomain(text, true) !== undefined) return ["filename", "domain"];
  if (text.includes(".")) return ["filename", "domain", "hostname"];
  return ["hostname", "username", "filename"];
}

function unique(names: readonly AttributeName[]): readonly AttributeName[] {
  const found = new Map<string, AttributeName>();
  for (const name of names) {
    const key = `${name.subType} ${typeof name.data} ${String(name.data)}`;
    if (!found.has(key)) found.set(key, name);
  }
  return [...found.values()];
}
