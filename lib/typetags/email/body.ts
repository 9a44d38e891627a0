import { Buffer } from "node:buffer";
import { Rejected } from "../../errors.ts";
import { decodeCharset, encodeCharset } from "./charset.ts";
import { isAscii } from "./encoded_words.ts";
import type { MimePart } from "./message.ts";
import { readParameters } from "./parameters.ts";
import { Scanner } from "./scanner.ts";
import { decodeBase64, decodeQuotedPrintable, decodeUu } from "./transfer_encoding.ts";

const MIME_ENCODINGS: ReadonlySet<string> = new Set(["base64", "quoted-printable"]);
const UU_ENCODINGS: ReadonlySet<string> = new Set(["uuencode", "x-uuencode", "uue", "x-uue"]);

/**
 * The text of a message: its first plain-text part, otherwise its first HTML part. Ignores
 * attachments. Line ends stay as they are in the message.
 *
 * @throws {Rejected} EVENTS_REJECTED when there is no such part, or its charset is unknown.
 */
export function readBody(message: MimePart): string {
  let html: TextPart | undefined;
  for (const part of textParts(message)) {
    if (part.type === "text/plain") return decodeText(part);
    html ??= part;
  }
  if (html === undefined) throw new Rejected("EVENTS_REJECTED", "The message has no text");
  return decodeText(html);
}

/** A part that is not a multipart. */
export type TextPart = MimePart & { readonly content: string };

/** The plain-text and HTML parts, in order. */
function* textParts(part: MimePart): Generator<TextPart> {
  const { type, content, headers } = part;
  if (isAttachment(headers.get("content-disposition") ?? "")) return;
  const isMultipart = type.startsWith("multipart/");
  if (typeof content !== "string") {
    const parts = type === "multipart/related" ? [findRoot(part, content)] : content;
    for (const inner of parts) yield* textParts(inner);
  } else if (isMultipart && content !== "") {
    throw new Rejected("EVENTS_REJECTED", "The message cannot be split into its parts");
  } else if (type === "text/plain" || type === "text/html") yield { ...part, content };
}

function isAttachment(disposition: string): boolean {
  const scanner = new Scanner(disposition);
  scanner.skipSpace();
  return scanner.takeMatch(/[^()<>@,:;\\"[\]/?= \t]+/y).toLowerCase() === "attachment";
}

/** The part that the others belong to, such as the page that shows the images (RFC 2387). */
function findRoot({ headers }: MimePart, parts: readonly MimePart[]): MimePart {
  const start = readParameters(headers.get("content-type") ?? "").get("start");
  const root = start && parts.find((part) => part.headers.get("content-id") === start);
  return root || parts[0]!;
}

/**
 * The text of a part, without its transfer encoding.
 *
 * @throws {Rejected} EVENTS_REJECTED when its charset is unknown.
 */
export function decodeText({ headers, content }: TextPart): string {
  const charset = readParameters(headers.get("content-type") ?? "").get("charset") ?? "us-ascii";
  const encoding = headers.get("content-transfer-encoding")?.toLowerCase() ?? "";
  const bytes = decodeTransfer(content, encoding, charset);
  if (bytes.length === 0) return "";
  const text = decodeCharset(bytes, charset);
  if (text === undefined) {
    throw new Rejected("EVENTS_REJECTED", "The charset of the text is unknown");
  }
  // Without a transfer encoding, characters beyond ASCII were decoded when the upload was read.
  return MIME_ENCODINGS.has(encoding) || UU_ENCODINGS.has(encoding) || isAscii(content)
    ? text
    : content;
}

function decodeTransfer(content: string, encoding: string, charset: string): Uint8Array {
  if (UU_ENCODINGS.has(encoding)) return decodeUu(content);
  if (encoding === "base64") return decodeBase64(content);
  const bytes = isAscii(content) ? Buffer.from(content, "latin1") : encodeCharset(content, charset);
  return encoding === "quoted-printable" ? decodeQuotedPrintable(bytes) : bytes;
}
