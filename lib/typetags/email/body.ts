import { Buffer } from "node:buffer";
import { Rejected } from "../../errors.ts";
import { decodeCharset, encodeCharset } from "./charset.ts";
import type { Part } from "./message.ts";
import { isAscii } from "./encoded_words.ts";
import { readParameters } from "./parameters.ts";
import { Scanner } from "./scanner.ts";
import { decodeBase64, decodeQuotedPrintable, decodeUu } from "./transfer_encoding.ts";

const ENCODED: ReadonlySet<string> = new Set(["base64", "quoted-printable"]);
const UUENCODED: ReadonlySet<string> = new Set(["uuencode", "x-uuencode", "uue", "x-uue"]);

/**
 * The text of a message: of its first part of plain text, else of its first in HTML, attachments
 * left aside. Lines end as they do in the message.
 *
 * Throws Rejected EVENTS_REJECTED if there is no such part or its encoding is not known.
 */
export function readBody(message: Part): string {
  let html: TextPart | undefined;
  for (const part of textParts(message)) {
    if (part.type === "text/plain") return textOf(part);
    html ??= part;
  }
  if (html === undefined) throw new Rejected("EVENTS_REJECTED", "The message has no text");
  return textOf(html);
}

type TextPart = Part & { readonly content: string };

/** Plain text and HTML, in order. */
function* textParts(part: Part): Generator<TextPart> {
  const { type, content, headers } = part;
  if (isAttachment(headers.get("content-disposition") ?? "")) return;
  const isMultipart = type.startsWith("multipart/");
  if (typeof content !== "string") {
    const parts = type === "multipart/related" ? [rootOf(part, content)] : content;
    for (const inner of parts) yield* textParts(inner);
  } else if (isMultipart && content !== "") {
    throw new Rejected("EVENTS_REJECTED", "The parts of the message cannot be told apart");
  } else if (type === "text/plain" || type === "text/html") yield { ...part, content };
}

function isAttachment(disposition: string): boolean {
  const scanner = new Scanner(disposition);
  scanner.space();
  return scanner.match(/[^()<>@,:;\\"[\]/?= \t]+/y).toLowerCase() === "attachment";
}

/** The part that the others belong to, as images do to a page: RFC 2387. */
function rootOf({ headers }: Part, parts: readonly Part[]): Part {
  const start = readParameters(headers.get("content-type") ?? "").get("start");
  const named = start && parts.find((part) => part.headers.get("content-id") === start);
  return named || parts[0]!;
}

function textOf({ headers, content }: TextPart): string {
  const charset = readParameters(headers.get("content-type") ?? "").get("charset") ?? "us-ascii";
  const encoding = headers.get("content-transfer-encoding")?.toLowerCase() ?? "";
  const bytes = bytesOf(content, encoding, charset);
  if (bytes.length === 0) return "";
  const text = decodeCharset(bytes, charset);
  if (text === undefined) throw new Rejected("EVENTS_REJECTED", "The text's charset is not known");
  // Characters beyond ASCII without a transfer encoding were decoded when the upload was read.
  return ENCODED.has(encoding) || UUENCODED.has(encoding) || isAscii(content) ? text : content;
}

function bytesOf(content: string, encoding: string, charset: string): Uint8Array {
  if (UUENCODED.has(encoding)) return decodeUu(content);
  if (encoding === "base64") return decodeBase64(content);
  const bytes = isAscii(content) ? Buffer.from(content, "latin1") : encodeCharset(content, charset);
  return encoding === "quoted-printable" ? decodeQuotedPrintable(bytes) : bytes;
}
