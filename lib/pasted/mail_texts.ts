import { Rejected } from "../errors.ts";
import { decodeText, type TextPart } from "../typetags/email/body.ts";
import { decodeEncodedWords } from "../typetags/email/encoded_words.ts";
import { splitMbox } from "../typetags/email/mbox.ts";
import { type MimePart, readMessage } from "../typetags/email/message.ts";
import { readParameters } from "../typetags/email/parameters.ts";
import { htmlText } from "./html_text.ts";

/** Mails inside of mails, at most. */
const MAX_DEPTH = 5;

/** Headers that only mails have, two of which make a text one. */
const MAIL_HEADER =
  /^(?:from|to|cc|subject|date|received|message-id|mime-version|return-path|reply-to|delivered-to|content-type|content-transfer-encoding|dkim-signature|authentication-results):/i;
/** The first lines of a text, if they are headers: of a message, or of a line of mbox before it. */
const HEADERS =
  /^\s*(?:>?From [^\r\n]*\r?\n)?((?:[!-9;-~]+:[^\r\n]*(?:\r\n|\r|\n|$)(?:[ \t][^\r\n]*(?:\r\n|\r|\n|$))*)+)/;
/** A part of a message that somebody has cut out. */
const PART = /^\s*--([^\s]{1,70})\r?\n(?=content-)/i;

/** Characters at the start of a text in which headers are looked for. */
const MAX_HEADERS = 65_536;

const TEXT_FILE = /\.(?:txt|log|csv|tsv|json|html?|xml|eml|ics|vcf|md|ya?ml)$/i;

/** The texts in a mail or mbox, and how many of its parts are not text. */
export type MailTexts = { readonly texts: readonly string[]; readonly others: number };

/**
 * The headers and all texts of a mail, or of those of an mbox file, as their readers see them: without
 * transfer encoding, pages as text with their links; also attached texts and mails. Undefined for a
 * text that is not a mail, or one that cannot be taken apart.
 */
export function mailTexts(text: string): MailTexts | undefined {
  const [, boundary] = PART.exec(text) ?? [];
  if (boundary !== undefined) {
    return mailTexts(
      `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${boundary}"\n\n${text.trimStart()}`,
    );
  }
  if (!isMail(text)) return undefined;
  try {
    const parts = splitMbox(text).flatMap((message) => readTexts(message, 0));
    const texts = parts.filter((part) => part !== undefined);
    return { texts, others: parts.length - texts.length };
  } catch (error) {
    if (error instanceof Rejected) return undefined;
    throw error;
  }
}

function isMail(text: string): boolean {
  const [, headers = ""] = HEADERS.exec(text.slice(0, MAX_HEADERS)) ?? [];
  const lines = headers.split(/[\r\n]+/).filter((line) => MAIL_HEADER.test(line));
  return new Set(lines.map((line) => line.split(":", 1)[0]!.toLowerCase())).size > 1;
}

/** The headers of a message, and its texts; undefined for each part that is not text. */
function readTexts(text: string, depth: number): readonly (string | undefined)[] {
  const message = text.trimStart();
  const [, headers = ""] = HEADERS.exec(message) ?? [];
  const unfolded = headers.replaceAll(/(?:\r\n|\r|\n)(?=[ \t])/g, "");
  return [
    unfolded.split(/[\r\n]+/).map(decodeEncodedWords).join("\n"),
    ...partTexts(readMessage(message), depth),
  ];
}

function partTexts(part: MimePart, depth: number): readonly (string | undefined)[] {
  const { type, content } = part;
  if (typeof content !== "string") return content.flatMap((inner) => partTexts(inner, depth));
  const isMessage = /^message\/(?:rfc822|global)$/.test(type);
  if (
    !isMessage && !/^(?:text|message|multipart)\/|[/+](?:json|xml|xhtml|javascript)\b/.test(type)
  ) {
    return [isAttachedText(part) ? decoded({ ...part, content }) : undefined];
  }
  const text = decoded({ ...part, content });
  if (isMessage && depth < MAX_DEPTH) return readTexts(text, depth + 1);
  return [/html/.test(type) ? htmlText(text) : text];
}

/** Tells whether an attachment without a type is text by its name. */
function isAttachedText({ headers }: MimePart): boolean {
  const names = ["content-disposition", "content-type"].flatMap((header) => {
    const parameters = readParameters(headers.get(header) ?? "");
    return [parameters.get("filename") ?? "", parameters.get("name") ?? ""];
  });
  return names.some((name) => TEXT_FILE.test(name));
}

/** The text of a part; by a charset that is not known, what of it is ASCII. */
function decoded(part: TextPart): string {
  const encoding = part.headers.get("content-transfer-encoding")?.trim() ?? "";
  const transfer = ["content-transfer-encoding", encoding] as const;
  try {
    return decodeText({ ...part, headers: new Map([...part.headers, transfer]) });
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return decodeText({ ...part, headers: new Map([transfer]) });
  }
}
