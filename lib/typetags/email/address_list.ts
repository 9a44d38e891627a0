import { Rejected } from "../../errors.ts";
import type { Scanner } from "./scanner.ts";

// The grammar of RFC 5322, section 3.4, with the obsolete forms of section 4.4, and as lenient as the
// email package of Python 3.8.

/** Characters that end a phrase and, except for the backslash, a local part. */
const PHRASE_ENDS = ")<>@,:;\\[]";

/** An address; `name` and `domain` are empty if it has none. */
export type Mailbox = { readonly name: string; readonly local: string; readonly domain: string };

/** Several mailboxes under a name, such as `undisclosed-recipients:;`. */
export type MailboxGroup = { readonly name: string; readonly members: readonly Mailbox[] };

/** Stands for an address that cannot be read. */
const UNREADABLE: Mailbox = { name: "", local: "", domain: "" };

/**
 * Reads the mailboxes and groups of an address header, between which any of `separators` stands. An
 * address that cannot be read becomes a mailbox whose fields are empty.
 *
 * @throws {Rejected} EVENTS_REJECTED when the header breaks off within an address or text follows a
 * group.
 */
export function readAddressList(
  scanner: Scanner,
  separators: string,
): readonly (Mailbox | MailboxGroup)[] {
  const read = () => readGroup(scanner) ?? readMailbox(scanner);
  return readEntries(scanner, { separators, ends: separators }, read);
}

/** The error for a header whose addresses cannot be read. */
export function unreadableAddresses(reason: string): Rejected {
  return new Rejected("EVENTS_REJECTED", `Cannot read the addresses of a header: ${reason}`);
}

/** Reads entries between separators, up to the end or another character of `ends`; ignores empty ones. */
function readEntries<T>(
  scanner: Scanner,
  { separators, ends }: { readonly separators: string; readonly ends: string },
  read: () => T | undefined,
): (T | Mailbox)[] {
  const entries: (T | Mailbox)[] = [];
  while (!scanner.atEnd && (!scanner.isAt(ends) || scanner.isAt(separators))) {
    const start = scanner.position;
    const entry = read();
    if (entry === undefined) {
      scanner.position = start;
      scanner.skipSpace();
      if (!scanner.atEnd && !scanner.isAt(ends)) entries.push(UNREADABLE);
    } else entries.push(entry);
    while (!scanner.atEnd && !scanner.isAt(ends)) {
      if (scanner.takeMatch(/[)<>@,:;\\[\]]/y) === "") readPhrase(scanner);
    }
    if (scanner.isAt(separators)) scanner.take(scanner.next);
  }
  return entries;
}

function readGroup(scanner: Scanner): MailboxGroup | undefined {
  const start = scanner.position;
  const name = readPhrase(scanner);
  if (!scanner.take(":")) {
    scanner.position = start;
    return undefined;
  }
  scanner.skipSpace();
  const members = readEntries(scanner, { separators: ",", ends: ",;" }, () => readMailbox(scanner));
  scanner.take(";");
  scanner.skipSpace();
  if (!scanner.atEnd && !scanner.isAt(",")) throw unreadableAddresses("text follows a group");
  return { name, members };
}

function readMailbox(scanner: Scanner): Mailbox | undefined {
  const start = scanner.position;
  const mailbox = readNameAddr(scanner);
  if (mailbox !== undefined) return mailbox;
  scanner.position = start;
  return readAddrSpec(scanner);
}

/** `name <local@domain>`. */
function readNameAddr(scanner: Scanner): Mailbox | undefined {
  scanner.skipSpace();
  const name = scanner.isAt(PHRASE_ENDS) ? "" : readPhrase(scanner);
  if (!scanner.take("<")) return undefined;
  if (scanner.take(">")) return { name, local: "", domain: "" };
  const start = scanner.position;
  let mailbox = readAddrSpec(scanner);
  if (mailbox === undefined) {
    scanner.position = start;
    mailbox = skipRoute(scanner) ? readAddrSpec(scanner) : undefined;
  }
  if (mailbox === undefined) return undefined;
  scanner.take(">");
  scanner.skipSpace();
  return { ...mailbox, name };
}

/** Skips the mail servers to pass through (RFC 822): `@one.example,@two.example:`. */
function skipRoute(scanner: Scanner): boolean {
  do scanner.skipSpace(); while (scanner.take(","));
  if (!scanner.take("@") || readDomainPart(scanner) === undefined) return false;
  while (scanner.take(",")) {
    scanner.skipSpace();
    if (scanner.take("@") && readDomainPart(scanner) === undefined) return false;
  }
  return scanner.take(":");
}

/** `local@domain`. */
function readAddrSpec(scanner: Scanner): Mailbox | undefined {
  const local = readLocalPart(scanner);
  if (local === undefined) return undefined;
  if (!scanner.take("@")) return { name: "", local, domain: "" };
  const domain = readDomainPart(scanner);
  return domain === undefined ? undefined : { name: "", local, domain };
}

/** Reads words and dots; ignores white space and comments at either end and around dots. */
function readLocalPart(scanner: Scanner): string | undefined {
  if (scanner.atEnd) throw unreadableAddresses("it breaks off");
  scanner.skipSpace();
  if (scanner.atEnd || isLocalPartEnd(scanner)) return undefined;
  let local = "";
  let last = ".";
  for (;;) {
    const spaced = scanner.skipSpace();
    if (scanner.atEnd || isLocalPartEnd(scanner)) return local;
    if (spaced && last !== "." && scanner.next !== ".") local += " ";
    last = scanner.next;
    local += readWord(scanner);
  }
}

// A backslash is not allowed here, but the existing system accepts it before the @.
function isLocalPartEnd(scanner: Scanner): boolean {
  return scanner.isAt(PHRASE_ENDS) && scanner.next !== "\\";
}

function readDomainPart(scanner: Scanner): string | undefined {
  if (scanner.atEnd) throw unreadableAddresses("it breaks off");
  scanner.skipSpace();
  if (scanner.isAt("[")) return readDomainLiteral(scanner);
  let domain = "";
  do {
    if (domain !== "") domain += ".";
    scanner.skipSpace();
    const atom = scanner.takeEncodedWord() ?? scanner.takeMatch(/[^()<>@,:;.\\"[\] \t]+/y);
    if (atom === "") return undefined;
    domain += atom.replace(/\s+/g, "");
    scanner.skipSpace();
  } while (scanner.take("."));
  return scanner.isAt("@") ? undefined : domain;
}

/** `[192.0.2.1]`. */
function readDomainLiteral(scanner: Scanner): string | undefined {
  scanner.take("[");
  scanner.skipSpace();
  const literal = scanner.takeUnescaped(/[^[\]\\ \t]+/y);
  scanner.takeMatch(/[ \t]\s*/y);
  if (scanner.atEnd) throw unreadableAddresses("it breaks off");
  if (!scanner.take("]")) return undefined;
  scanner.skipSpace();
  return `[${literal}]`;
}

/** Reads words and dots, with one space for the white space and comments between them. */
function readPhrase(scanner: Scanner): string {
  let phrase = "";
  let isFirst = true;
  for (;;) {
    const spaced = scanner.skipSpace();
    if (scanner.atEnd || scanner.isAt(PHRASE_ENDS)) return phrase;
    if (spaced && !isFirst) phrase += " ";
    phrase += readWord(scanner);
    isFirst = false;
  }
}

function readWord(scanner: Scanner): string {
  if (scanner.isAt('"')) return scanner.takeQuoted();
  return scanner.takeEncodedWord() ?? scanner.takeMatch(/[^()<>@,:;.\\"[\] \t]+|[.\\]/y);
}
