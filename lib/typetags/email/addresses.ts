import { Rejected } from "../../errors.ts";
import { decodeLeftBytes } from "./encoded_words.ts";
import { Scanner } from "./scanner.ts";

// What a name must not hold outside quotation marks, what the part of an address before the @ must
// not, and what ends a phrase: RFC 5322, sections 3.2.3 and 4.1.
const SPECIALS = '()<>@,:;.\\"[]';
const NO_LOCAL_PART = '()<>@,:;\\"[] \t';
const PHRASE_ENDS = ")<>@,:;\\[]";

type Mailbox = { readonly name: string; readonly local: string; readonly domain: string };
type Group = { readonly name: string; readonly members: readonly Mailbox[] };

/** Stands for what cannot be read; written `<>`. */
const UNREADABLE: Mailbox = { name: "", local: "", domain: "" };

/** An entry of an address header: one address, or a group of them. */
export type Address = {
  /** `name <local@domain>`, `local@domain` or `group: member, member;`. */
  readonly text: string;
  /** Of an address itself alone. */
  readonly members: readonly string[];
};

/**
 * The entries of a header such as To: comments left out, encoded words decoded, quotation marks
 * only where they are needed. One without an address, or that cannot be read, is `<>`.
 *
 * Throws Rejected EVENTS_REJECTED if the header breaks off within an address, text follows a group,
 * or an encoded word holds a line break.
 */
export function readAddresses(header: string): readonly Address[] {
  const scanner = new Scanner(header);
  return list(scanner, ",", () => group(scanner) ?? mailbox(scanner)).map((entry) => {
    if (!("members" in entry)) return { text: written(entry), members: [written(entry)] };
    const members = entry.members.map(written);
    const name = decodeLeftBytes(quoted(entry.name, SPECIALS));
    return { text: `${name}:${members.map((member) => ` ${member}`).join(",")};`, members };
  });
}

function written({ name, local, domain }: Mailbox): string {
  if (/[\r\n]/.test(name + local + domain)) throw unreadable("it holds a line break");
  const at = domain === "" ? "" : `@${domain}`;
  const address = quoted(local, NO_LOCAL_PART) + at;
  if (name === "") return decodeLeftBytes(address || "<>");
  return decodeLeftBytes(`${quoted(name, SPECIALS)} <${address}>`);
}

/** In quotation marks if it holds one of the characters. */
function quoted(text: string, characters: string): string {
  if (![...characters].some((character) => text.includes(character))) return text;
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

function unreadable(why: string): Rejected {
  return new Rejected("EVENTS_REJECTED", `Cannot read the addresses of a header: ${why}`);
}

/** Entries between commas, up to the end or another of `ends`; empty ones do not count. */
function list<T>(scanner: Scanner, ends: string, read: () => T | undefined): (T | Mailbox)[] {
  const entries: (T | Mailbox)[] = [];
  while (!scanner.done && !(scanner.isBefore(ends) && scanner.next !== ",")) {
    const start = scanner.at;
    const entry = read();
    if (entry === undefined) {
      scanner.at = start;
      scanner.space();
      if (!scanner.done && !scanner.isBefore(ends)) entries.push(UNREADABLE);
    } else entries.push(entry);
    while (!scanner.done && !scanner.isBefore(ends)) {
      if (scanner.match(/[)<>@,:;\\[\]]/y) === "") phrase(scanner);
    }
    scanner.pass(",");
  }
  return entries;
}

function group(scanner: Scanner): Group | undefined {
  const start = scanner.at;
  const name = phrase(scanner);
  if (!scanner.pass(":")) {
    scanner.at = start;
    return undefined;
  }
  scanner.space();
  const members = list(scanner, ",;", () => mailbox(scanner));
  scanner.pass(";");
  scanner.space();
  if (!scanner.done && !scanner.isBefore(",")) throw unreadable("text follows a group");
  return { name, members };
}

function mailbox(scanner: Scanner): Mailbox | undefined {
  const start = scanner.at;
  const named = nameAddress(scanner);
  if (named !== undefined) return named;
  scanner.at = start;
  return addressSpec(scanner);
}

function nameAddress(scanner: Scanner): Mailbox | undefined {
  scanner.space();
  const name = scanner.isBefore(PHRASE_ENDS) ? "" : phrase(scanner);
  if (!scanner.pass("<")) return undefined;
  if (scanner.pass(">")) return { name, local: "", domain: "" };
  const start = scanner.at;
  let address = addressSpec(scanner);
  if (address === undefined) {
    scanner.at = start;
    address = route(scanner) ? addressSpec(scanner) : undefined;
  }
  if (address === undefined) return undefined;
  scanner.pass(">");
  scanner.space();
  return { ...address, name };
}

/** Mail servers to go by, of RFC 822: `@one.example,@two.example:`. */
function route(scanner: Scanner): boolean {
  do scanner.space(); while (scanner.pass(","));
  if (!scanner.pass("@") || domain(scanner) === undefined) return false;
  while (scanner.pass(",")) {
    scanner.space();
    if (scanner.pass("@") && domain(scanner) === undefined) return false;
  }
  return scanner.pass(":");
}

function addressSpec(scanner: Scanner): Mailbox | undefined {
  const local = localPart(scanner);
  if (local === undefined) return undefined;
  if (!scanner.pass("@")) return { name: "", local, domain: "" };
  const found = domain(scanner);
  return found === undefined ? undefined : { name: "", local, domain: found };
}

/** Words and dots; white space and comments before, behind and around dots do not count. */
function localPart(scanner: Scanner): string | undefined {
  if (scanner.done) throw unreadable("it breaks off");
  scanner.space();
  if (scanner.done || isPhraseEnd(scanner)) return undefined;
  let local = "";
  let last = ".";
  for (;;) {
    const spaced = scanner.space();
    if (scanner.done || isPhraseEnd(scanner)) return local;
    if (spaced && last !== "." && scanner.next !== ".") local += " ";
    last = scanner.next;
    local += word(scanner);
  }
}

// A backslash is in place nowhere; the existing system takes it into the part before the @.
function isPhraseEnd(scanner: Scanner): boolean {
  return scanner.isBefore(PHRASE_ENDS) && scanner.next !== "\\";
}

function domain(scanner: Scanner): string | undefined {
  if (scanner.done) throw unreadable("it breaks off");
  scanner.space();
  if (scanner.isBefore("[")) return domainLiteral(scanner);
  let domain = "";
  do {
    if (domain !== "") domain += ".";
    scanner.space();
    const atom = scanner.encodedWord() ?? scanner.match(/[^()<>@,:;.\\"[\] \t]+/y);
    if (atom === "") return undefined;
    domain += atom.replace(/\s+/g, "");
    scanner.space();
  } while (scanner.pass("."));
  return scanner.isBefore("@") ? undefined : domain;
}

function domainLiteral(scanner: Scanner): string | undefined {
  scanner.pass("[");
  scanner.space();
  const literal = scanner.unescaped(/[^[\]\\ \t]+/y);
  scanner.match(/[ \t]\s*/y);
  if (scanner.done) throw unreadable("it breaks off");
  if (!scanner.pass("]")) return undefined;
  scanner.space();
  return `[${literal}]`;
}

/** Words, dots and what is between them as one blank. */
function phrase(scanner: Scanner): string {
  let phrase = "";
  let isFirst = true;
  for (;;) {
    const spaced = scanner.space();
    if (scanner.done || scanner.isBefore(PHRASE_ENDS)) return phrase;
    if (spaced && !isFirst) phrase += " ";
    phrase += word(scanner);
    isFirst = false;
  }
}

function word(scanner: Scanner): string {
  if (scanner.isBefore('"')) return scanner.quoted();
  return scanner.encodedWord() ?? scanner.match(/[^()<>@,:;.\\"[\] \t]+|[.\\]/y);
}
