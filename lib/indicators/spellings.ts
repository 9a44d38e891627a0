import { domainToUnicode } from "node:url";
import type { AttributeName } from "../tahoe/attribute.ts";
import { parseJson } from "../tahoe/json.ts";
import { isScalar, type Scalar } from "../tahoe/value.ts";
import { addressSpellings, readAddress } from "./address_spellings.ts";
import { asNumberTexts, readAsNumber } from "./as_number.ts";
import { readCve } from "./cve.ts";
import { HASH_LENGTHS } from "./hash_name.ts";
import { readHostName } from "./host_name.ts";
import { readLabel } from "./label.ts";
import { macSpellings } from "./mac_address.ts";
import { mailSpellings } from "./mail_spellings.ts";
import { unwrap } from "./unwrap.ts";
import { urlSpellings } from "./url_spellings.ts";
import { wrongKind } from "./wrong_kind.ts";

/** The normal form of a value, and the other attributes that mean the same. */
export type Spellings = {
  readonly normal: AttributeName;
  readonly others: readonly AttributeName[];
};

/** Reads the text of a value, refanged and without blanks around it. */
type Reader = (text: string, subType: string) => Spellings;

/** Digits of the hashes that have a sub-type of their own name. */
const HASH_DIGITS: { readonly [subType: string]: number } = {
  ...Object.fromEntries([...HASH_LENGTHS].map(([digits, subType]) => [subType, digits])),
  imphash: 32,
};

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["domain", readName],
  ["hostname", readName],
  ["ip", readAddressAs],
  ["ipv4", readAddressAs],
  ["ipv6", readAddressAs],
  ["ipv4_net", readAddressAs],
  ["ipv6_net", readAddressAs],
  ...Object.keys(HASH_DIGITS).map((subType) => [subType, readHash] as const),
  ["url", readUrl],
  ["email_addr", readMailAddress],
  ["asn", readAsn],
  ["port", readPort],
  ["cve", readCveId],
  ["mac_addr", readMacAddress],
]);

/** Tells whether a word is a sub-type whose values have a form of their own. */
export function hasOwnForm(word: string): boolean {
  return READERS.has(word);
}

/**
 * The attributes that mean the same as a value of a sub-type.
 *
 * @throws {NotUnderstood} when the value cannot be of this sub-type.
 */
export function spellingsAs(subType: string, value: Scalar): Spellings {
  const read = READERS.get(subType);
  if (read === undefined) return asItStands(subType, value);
  const typed = String(value).trim();
  const { normal, others } = read(withoutLabel(unwrap(typed), subType), subType);
  return { normal, others: [...others, { subType, data: typed }] };
}

/** A value without the label before it, if that names this sub-type. */
function withoutLabel(text: string, subType: string): string {
  const label = readLabel(text);
  const isSame = label?.subType === subType ||
    (label?.subType === "ip" && /^ipv[46]/.test(subType));
  return label !== undefined && isSame ? unwrap(label.text) : text;
}

function readName(text: string, subType: string): Spellings {
  const name = text.replace(/^\*?\./, "").replace(/(?<=[^:\s]):[0-9]{1,5}$/, "");
  const found = readHostName(name);
  if (found === undefined || readAddress(text) !== undefined) {
    throw wrongKind(text, subType, "a name");
  }
  const texts = [
    found.data,
    name.toLowerCase().replace(/\.$/, ""),
    domainToUnicode(found.data) || found.data,
  ];
  const names = ["domain", "hostname"].flatMap((each) => texts.map((data) => same(each, data)));
  return { normal: found, others: names };
}

function readAddressAs(text: string, subType: string): Spellings {
  const found = readAddress(text);
  const isNet = subType.endsWith("_net");
  const fits = found !== undefined &&
    (isNet
      ? text.includes("/") && found.subType.slice(0, 4) === subType.slice(0, 4)
      : !found.subType.endsWith("_net") &&
        (subType !== "ipv6" || found.subType === "ipv6" || text.includes("::")));
  if (!fits) throw wrongKind(text, subType, isNet ? "a network" : "an address");
  return { normal: found, others: addressSpellings(found) };
}

function readHash(text: string, subType: string): Spellings {
  if (!/^[0-9a-f]+$/i.test(text) || text.length !== HASH_DIGITS[subType]) {
    throw wrongKind(text, subType, `one of ${HASH_DIGITS[subType]} hex digits`);
  }
  return { normal: same(subType, text.toLowerCase()), others: [same(subType, text.toUpperCase())] };
}

function readUrl(text: string, subType: string): Spellings {
  // Cowrie's filter stores bare hosts as `url`.
  if (/\s/.test(text) || !/[.:/]|^localhost$/.test(text)) throw wrongKind(text, subType, "a URL");
  const { normal, others } = urlSpellings(text);
  // These are in no URL: a label or another cell may stand behind one.
  const plain = text.replace(/[|<>"`].*$/s, "");
  const more = plain === text || !/[.:]/.test(plain) ? [] : allOf(urlSpellings(plain));
  return namesOf(subType, { normal, others: [...others, ...more] });
}

function allOf({ normal, others }: ReturnType<typeof urlSpellings>): readonly string[] {
  return [normal, ...others];
}

function readMailAddress(text: string, subType: string): Spellings {
  const spellings = mailSpellings(text);
  if (spellings === undefined) throw wrongKind(text, subType, "a mail address");
  return namesOf(subType, spellings);
}

function readMacAddress(text: string, subType: string): Spellings {
  const spellings = macSpellings(text);
  if (spellings === undefined) throw wrongKind(text, subType, "12 hex digits");
  return namesOf(subType, spellings);
}

function readAsn(text: string, subType: string): Spellings {
  const number = readAsNumber(text);
  if (number === undefined) throw wrongKind(text, subType, "a number up to 4294967295");
  const others = asNumberTexts(number).map((each) => same(subType, each));
  return { normal: same(subType, number), others };
}

function readPort(text: string, subType: string): Spellings {
  const [, number = ""] = /^"?([0-9]{1,5})"?$/.exec(text) ?? [];
  if (number === "" || Number(number) > 65535) {
    throw wrongKind(text, subType, "a number up to 65535");
  }
  return { normal: same(subType, BigInt(number)), others: [same(subType, `${BigInt(number)}`)] };
}

function readCveId(text: string, subType: string): Spellings {
  const id = readCve(text);
  if (id === undefined) throw wrongKind(text, subType, "a year and a number");
  return {
    normal: same(subType, id),
    others: [same("vulnerability", id), same(subType, id.toLowerCase())],
  };
}

/** Any other sub-type: a hash in lower case; otherwise the value as it stands, and as JSON. */
function asItStands(subType: string, value: Scalar): Spellings {
  if (typeof value !== "string") {
    return { normal: same(subType, value), others: [same(subType, String(value))] };
  }
  const isHash = /^[0-9a-f]+$/i.test(value) && Object.values(HASH_DIGITS).includes(value.length);
  const read = readScalar(value.trim());
  return {
    normal: same(subType, isHash ? value.toLowerCase() : value),
    others: read === undefined ? [] : [same(subType, read)],
  };
}

function readScalar(text: string): Scalar | undefined {
  try {
    const value = parseJson(text, { maxMembers: 1, maxDigits: 400 });
    return isScalar(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function namesOf(
  subType: string,
  { normal, others }: { readonly normal: string; readonly others: readonly string[] },
): Spellings {
  return { normal: same(subType, normal), others: others.map((other) => same(subType, other)) };
}

function same(subType: string, data: Scalar): AttributeName {
  return { subType, data };
}
