import type { AttributeName } from "../tahoe/attribute.ts";
import { stripPythonSpace } from "../tahoe/canonical.ts";
import type { Scalar } from "../tahoe/value.ts";
import { addressFault } from "./address_fault.ts";
import { withoutSlashPort, withoutZone } from "./address_spellings.ts";
import { isMarkedAsNumber } from "./as_number.ts";
import { readCve } from "./cve.ts";
import { readDomain } from "./domain.ts";
import { heldText, heldValue } from "./held_value.ts";
import { readLabel } from "./label.ts";
import { isMacAddress } from "./mac_address.ts";
import { NotUnderstood } from "./not_understood.ts";
import { recognise } from "./recognise.ts";
import { severalValuesFault } from "./several_values.ts";
import { hasOwnForm, spellingsAs } from "./spellings.ts";
import { usualSubType } from "./suggest_sub_type.ts";
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
 * recognised as the typetag `ioc_list` does. A usual
 * sub-type may be in capitals.
 *
 * @throws {NotUnderstood} when the value cannot be of this sub-type, or does not show its kind.
 */
export function meaning(subType: string | undefined, value: Scalar): Meaning {
  const text = String(value);
  const asked = subType ?? recogniseSubType(text);
  const { normal, others } = spellingsAs(usualSubType(asked), value);
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
  if (plain === "") throw new NotUnderstood("", "is empty: give a value");
  const found = kindOf(plain, plain !== trimmed);
  if (found !== undefined) return found;
  const fault = severalValuesFault(plain) ?? wrongAddress(plain);
  if (fault !== undefined) throw new NotUnderstood(plain, fault);
  const kinds = candidatesFor(plain);
  const held = heldValue(plain);
  throw new NotUnderstood(plain, unclear(plain, kinds, held), {
    kinds,
    ...(held !== undefined && { held }),
  });
}

/** `isMarked` tells that it was defanged or in quotes, as nothing but an indicator is. */
function kindOf(plain: string, isMarked: boolean): string | undefined {
  const found = recognise(withoutZone(withoutSlashPort(plain)), isMarked)?.subType;
  if (found !== undefined) return found;
  if (isMarkedAsNumber(plain)) return "asn";
  if (/^mailto:/i.test(plain) || /^[^<>]*<[^\s<>]+@[^\s<>]+>$/.test(plain)) return "email_addr";
  if (readCve(plain) !== undefined) return "cve";
  if (isMacAddress(plain)) return "mac_addr";
  return readLabel(plain)?.subType;
}

/** Says what is wrong with what is written as an address; undefined for other texts. */
function wrongAddress(plain: string): string | undefined {
  const fault = addressFault(plain);
  if (fault === undefined) return undefined;
  return plain.includes(":")
    ? `is not an IPv6 address: ${fault}`
    : `is not an IPv4 address, which has four numbers from 0 to 255: ${fault}`;
}

function unclear(
  plain: string,
  candidates: readonly string[],
  held: AttributeName | undefined,
): string {
  if (held !== undefined) {
    return `holds ${
      heldText(held)
    }: ask for that; for the whole text, give the sub-type before it, such as ` +
      candidates[0];
  }
  const several = /[\s,;]/.test(plain) ? "; several values are asked for one at a time" : "";
  return `does not show what kind it is: it may be ${candidates.join(", ")} or another` +
    `${several}; give the sub-type before it, such as ${candidates[0]}`;
}

/** Sub-types that a value of no clear kind may have, the likeliest first. */
function candidatesFor(text: string): readonly string[] {
  if (/^[0-9]+$/.test(text)) {
    return Number(text) > 65535 ? ["asn", "password"] : ["port", "asn", "password"];
  }
  if (/\s/.test(text)) return ["subject", "filename", "body", "shell_command"];
  if (/[\\/]/.test(text)) return ["filename", "path", "url"];
  if (text.includes("@")) return ["username", "email_addr", "password"];
  if (readDomain(text, true) !== undefined) return ["filename", "domain"];
  if (text.includes(".")) return ["filename", "domain", "hostname", "password"];
  return ["hostname", "username", "password", "filename"];
}

/** Each attribute once. White space around a string makes no other attribute. */
function unique(names: readonly AttributeName[]): readonly AttributeName[] {
  const found = new Map<string, AttributeName>();
  for (const name of names) {
    const key = `${name.subType} ${typeof name.data} ${stripPythonSpace(String(name.data))}`;
    if (!found.has(key)) found.set(key, name);
  }
  return [...found.values()];
}
