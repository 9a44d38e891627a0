import { withWholeScheme } from "../../indicators/broken_scheme.ts";
import type { Certainty } from "../../indicators/domain.ts";
import { namedHash, readNamedHash } from "../../indicators/hash_name.ts";
import { separateMailFields } from "../../indicators/mail_field.ts";
import { replaceRanges } from "../../indicators/range.ts";
import { type Indicator, MAX_INDICATOR_LENGTH, recognise } from "../../indicators/recognise.ts";
import { refang } from "../../indicators/refang.ts";
import { splitFields } from "../../indicators/split_fields.ts";
import { withoutDirections } from "./directions.ts";
import { splitLastCell } from "./last_cell.ts";
import { withoutLinkTexts } from "./link_texts.ts";
import { resolveLookups } from "./lookups.ts";
import { readBracketedUrl, withPlainNetworks } from "./network_forms.ts";

/** White space and characters that no URL contains; also a separator before the scheme of a URL. */
const WORD_BREAK =
  /[\s"<>`“”„‘’«»（）「」『』【】《》〈〉]+|[,;|](?=[a-z][a-z0-9+.-]{1,15}:\/\/)|\|(?=\d{1,3}(?:\.\d{1,3}){3}(?:[\s|]|$))/i;
/** Characters that separate indicators, but may also be part of a URL. */
const OUTER_BREAK = /[,;|(){}]+/;
/** `MD5:` or `ip:` before an indicator. */
const LABEL = /^([A-Za-z0-9_-]{1,20})[:=]/;
const LABEL_ALONE = /^['*•(-]{0,2}([A-Za-z0-9_-]{1,20})[:=]$/;
const URL_START = /^[a-z][a-z0-9+.-]{0,30}:\/\//i;

/** `\\\\192.0.2.1\\share`, `\\\\example.com@SSL\\a`: a path on another machine. */
const SHARE = /^\\\\([^\\/@\s]{1,254})(?:@[^\\\s]{1,20})?\\/;

/** A URL and other cells behind it; in its query a bar may be its own. */
const URL_AND_CELLS = /^[a-z][a-z0-9+.-]{0,30}:\/\/[^?#|]*\|/i;

/** Punctuation marks that are stripped from one word, at most: more of them do not make an indicator. */
const MAX_MARKS = 8;

/** What may be a URL with a broken scheme. */
const BROKEN_URL = /(?<=^[('"*[-]{0,2})[hf][a-z*]{2,4}[:;.]?\/.*/i;

/** A word of a text except labels. */
export type ScannedWord = {
  readonly text: string;
  /** The indicator that it is; undefined for other words. */
  readonly indicator: Indicator | undefined;
  /** True if it was written otherwise, so that nothing follows it by accident. */
  readonly isDefanged: boolean;
  /** The word before it, also if it is a label. */
  readonly before: string;
};

/** What the words of a text are. */
export type ScannedText = {
  readonly words: readonly ScannedWord[];
  /** True if an indicator was written so that nothing follows it by accident, or hidden. */
  readonly isDefanged: boolean;
};

export type ScanOptions = {
  /** Whether what could be a domain is one. */
  readonly certainty?: Certainty;
  /** What the hashes in the text are called, unless a label in it says otherwise. */
  readonly heading?: string;
};

/** Looks for indicators in a text. */
export function scan(
  given: string,
  { certainty = false, heading = "" }: ScanOptions = {},
): ScannedText {
  const text = separateMailFields(withoutLinkTexts(withoutDirections(given)));
  const refanged = refang(text);
  const resolved = resolveLookups(replaceRanges(withPlainNetworks(refanged)));
  const isLookup = resolved !== refanged && /\$\{|%24%7b/i.test(text);
  const isDefanged = refanged !== text || isLookup;
  let label = heading;
  const words = splitWords(resolved).flatMap((word, at, all) => {
    const [, alone] = LABEL_ALONE.exec(word) ?? [];
    // `CVE-2021-1234:` is what the sentence behind it is about.
    if (alone !== undefined && recognise(alone) === undefined) {
      label = alone;
      return [];
    }
    const isHidden = isDefanged && (isLookup || !text.includes(word));
    const scanner = { certainty: certainty === false ? isHidden : certainty, label };
    const found = scanWord(word, scanner);
    label = scanner.label;
    const before = all[at - 1] ?? "";
    return found.map((each) => {
      const isOther = isFileHash(each) && isOtherHash(all[at - 2] ?? "", before);
      return { text: word, indicator: isOther ? undefined : each, isDefanged: isHidden, before };
    });
  });
  return { words, isDefanged };
}

function isFileHash(indicator: Indicator | undefined): boolean {
  return indicator !== undefined && /^(?:md5|sha\d+)$/.test(indicator.subType);
}

/** True if the words before a hash say that it is not one of a file: `ExitNode 0011…`, `Key ID: b2…`. */
function isOtherHash(first: string, before: string): boolean {
  return [`${first} ${before}`, before].some((words) => namedHash(words) === "other");
}

/** The indicators in a text that contains nothing else; none if there are other words. */
export function readCell(text: string, certainty: Certainty = false): readonly Indicator[] {
  const { words } = scan(text, { certainty });
  const found = indicatorsOf(words);
  return found.length === words.length ? found : [];
}

/** The indicators among words. */
export function indicatorsOf(words: readonly ScannedWord[]): readonly Indicator[] {
  return words.flatMap(({ indicator }) => indicator ?? []);
}

function splitWords(text: string): readonly string[] {
  const bar = text.indexOf("|");
  // Where a bar separates cells before a URL, it does so behind it, too.
  const isTable = bar >= 0 && bar < text.lastIndexOf("://") && !URL_START.test(text);
  const words = (isTable ? text.replaceAll("|", " ") : text).split(WORD_BREAK)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  return bar < 0 ? words : words.flatMap(splitLastCell);
}

/** How a text is scanned, and the last label in it. */
type Scanner = { readonly certainty: Certainty; label: string };

function scanWord(given: string, scanner: Scanner): readonly (Indicator | undefined)[] {
  const word = withScheme(given);
  if (URL_AND_CELLS.test(word)) {
    return word.split("|").filter((part) => part !== "")
      .flatMap((part) => scanWord(part, scanner));
  }
  // An IPv6 address may end in colons, which stripMarks would take away: the word itself comes next.
  const whole = word.length > MAX_INDICATOR_LENGTH
    ? undefined
    : scanPart(stripMarks(word), scanner) ?? scanPart(word, scanner);
  if (whole !== undefined) return [whole];
  if (word.includes("://")) return [scanUrl(word, scanner)];
  const [, share] = SHARE.exec(word) ?? [];
  if (share !== undefined) return [recognise(share, scanner.certainty)];
  const parts = splitParts(word, scanner).filter((part) => part !== "");
  return parts.flatMap((part) => {
    // `imphash=…`: the label is a part of its own.
    if (parts.length > 1 && namedHash(part) !== undefined) {
      scanner.label = part;
      return [];
    }
    return [part.length > MAX_INDICATOR_LENGTH ? undefined : scanLabelled(part, scanner)];
  });
}

/** A URL with a broken scheme as it was meant; `http:` without a slash is a label. */
function withScheme(word: string): string {
  const [plain = ""] = BROKEN_URL.exec(word) ?? [];
  if (plain === "" || word.length > MAX_INDICATOR_LENGTH) return word;
  const whole = withWholeScheme(plain);
  return whole === plain ? word : whole;
}

/** The parts of a word; a URL with a query behind a label is one of them: `a=example.com/?b=c`. */
function splitParts(word: string, { certainty }: Scanner): readonly string[] {
  const isUrl = (text: string) =>
    text.length <= MAX_INDICATOR_LENGTH &&
    recognise(stripMarks(text), certainty)?.subType === "url";
  if (!word.includes("=")) return word.split(OUTER_BREAK);
  if (!/[,;|]/.test(word)) {
    const fields = splitFields(word, isUrl);
    if (fields.some(isUrl)) return fields;
  }
  return word.split(OUTER_BREAK).flatMap((part) => splitFields(part, isUrl));
}

/** A URL with a label before it: `url:http://example.com/`. */
function scanUrl(word: string, { certainty }: Scanner): Indicator | undefined {
  if (word.length > MAX_INDICATOR_LENGTH) return undefined;
  const stripped = stripMarks(stripMarks(word).replace(LABEL, ""));
  if (URL_START.test(stripped)) return recognise(stripped, certainty);
  const [, quoted] = QUOTED_URL.exec(word) ?? [];
  return quoted === undefined ? undefined : recognise(quoted, certainty);
}

/** `DownloadString('http://example.com/a')`: a URL in the code of a program. */
const QUOTED_URL = /[(=[,]'([a-z][a-z0-9+.-]{1,15}:\/\/[^']+)'/i;

function scanLabelled(part: string, scanner: Scanner): Indicator | undefined {
  const stripped = stripMarks(part);
  const [label, name] = LABEL.exec(stripped) ?? [];
  // The first group of an IPv6 address is not a label.
  const whole = scanPart(stripped, scanner);
  if (whole !== undefined || label === undefined || name === undefined) return whole;
  return scanPart(stripped.slice(label.length), { ...scanner, label: name });
}

/** `2001:db8::1%eth0`: an address with the name of a network interface (RFC 4007). */
const ZONE = /^([0-9a-f]*:[0-9a-f:.]+)%[\w.-]{1,15}$/i;

/** Recognises a word; a hash is of the kind that its label says. */
function scanPart(word: string, { certainty, label }: Scanner): Indicator | undefined {
  const text = word.replace(ZONE, "$1");
  const kind = label === "" ? undefined : namedHash(label);
  if (kind === undefined || kind === "any" || !/^[0-9a-f]{32,}$/i.test(text)) {
    return recognise(text, certainty) ?? readBracketedUrl(text);
  }
  return readNamedHash(kind, text);
}

/** The word without the punctuation of the sentence or list around it. */
function stripMarks(word: string): string {
  let result = word;
  for (let marks = 0; marks < MAX_MARKS; marks++) {
    // Two colons at the end of an IPv6 address stand for zeros.
    if (/^[0-9a-f:]{2,40}::$/i.test(result)) break;
    const stripped = stripBrackets(stripEmphasis(result)).replace(
      /^['*•-]|(?:'s|[.,;:'^|!?…–—！？。，、：；])$/,
      "",
    );
    if (stripped === result) break;
    result = stripped;
  }
  return result;
}

/** The word without a sign for bold or italic text at both ends, as in Markdown. */
function stripEmphasis(word: string): string {
  return /^([*_]).+\1$/s.test(word) ? word.slice(1, -1) : word;
}

/** The word without a pair of brackets around it, or without a bracket that has no counterpart. */
function stripBrackets(word: string): string {
  const opening = "([{".indexOf(word[0] ?? " ");
  const closing = ")]}".indexOf(word.at(-1) ?? " ");
  if (opening >= 0 && closing === opening) return word.slice(1, -1);
  if (opening >= 0 && !word.includes(")]}"[opening]!)) return word.slice(1);
  if (closing >= 0 && !word.includes("([{"[closing]!)) return word.slice(0, -1);
  return word;
}
