import { Rejected } from "../../errors.ts";
import { readParameters } from "./parameters.ts";

const KEPT_HEADERS: ReadonlySet<string> = new Set([
  "from",
  "to",
  "subject",
  "date",
  "reply-to",
  "x-mailgun-sending-ip",
  "content-type",
  "content-transfer-encoding",
  "content-disposition",
  "content-id",
]);

// Far more than mail programs use; they limit the work on hostile text.
const MAX_DEPTH = 100;
const MAX_PARTS = 10_000;
/** In characters. */
const MAX_HEADER_LENGTH = 1024 ** 2;

/** A message, or a part of one. */
export type MimePart = {
  /** Unfolded values by names in lower case; the first counts if a name occurs twice. */
  readonly headers: ReadonlyMap<string, string>;
  /** Media type in lower case: `text/plain`. */
  readonly type: string;
  /** The parts of a multipart; otherwise, or if it has none, the text in its transfer encoding. */
  readonly content: string | readonly MimePart[];
};

/**
 * Reads a message (RFC 5322 and RFC 2046) whose lines end in LF, CR or both. Like most mail programs
 * it accepts anything: text without headers is a message, too.
 *
 * @throws {Rejected} EVENTS_REJECTED when there are more than 10,000 parts, parts are nested deeper
 * than 100, or a header is longer than 1 MiB.
 */
export function readMessage(text: string): MimePart {
  return new MessageReader(text).readPart("text/plain", 0);
}

/** A boundary line, before or after a part. */
type Boundary = {
  readonly start: number;
  readonly end: number;
  /** Nesting depth of the multipart to which the boundary belongs. */
  readonly depth: number;
  /** True if it ends the multipart. */
  readonly isLast: boolean;
};

class MessageReader {
  readonly #text: string;
  #at = 0;
  #parts = 0;
  /** Boundaries of the multiparts around the current position, and their nesting depths. */
  readonly #depths = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads the part at the current position. */
  readPart(defaultType: string, depth: number): MimePart {
    if (depth > MAX_DEPTH) throw limitExceeded(`parts are nested deeper than ${MAX_DEPTH}`);
    if (++this.#parts > MAX_PARTS) throw limitExceeded(`it has more than ${MAX_PARTS} parts`);
    const headers = this.#readHeaders();
    const header = headers.get("content-type");
    const type = header === undefined ? defaultType : mediaType(header);
    const boundary = type.startsWith("multipart/") && header !== undefined
      ? readParameters(header).get("boundary")?.trimEnd()
      : undefined;
    if (boundary === undefined) return { headers, type, content: this.#readText(depth) };
    const partType = type === "multipart/digest" ? "message/rfc822" : "text/plain";
    return { headers, type, content: this.#readMultipart(boundary, partType, depth) };
  }

  /** Reads headers up to the empty line, or up to the first line that is not a header. */
  #readHeaders(): Map<string, string> {
    const headers = new Map<string, string>();
    let name = "";
    let valueStart = 0;
    const keepHeader = () => {
      if (!KEPT_HEADERS.has(name) || headers.has(name)) return;
      if (this.#at - valueStart > MAX_HEADER_LENGTH) {
        throw limitExceeded("a header is longer than 1 MiB");
      }
      const folded = this.#text.slice(valueStart, this.#at).replace(/^[ \t]+/, "");
      headers.set(name, folded.replace(/[\r\n]/g, ""));
    };
    const line = /(?:([!-9;-~]*):|From |([ \t]))[^\r\n]*(?:\r\n|\r|\n|$)/y;
    while (this.#boundaryAt(this.#at) === undefined) {
      line.lastIndex = this.#at;
      const match = line.exec(this.#text);
      if (match === null) break;
      if (match[2] === undefined) {
        keepHeader();
        name = match[1]?.toLowerCase() ?? "";
        valueStart = this.#at + name.length + 1;
      }
      this.#at = line.lastIndex;
    }
    keepHeader();
    this.#at += lineEndLength(this.#text, this.#at);
    return headers;
  }

  /** Reads text up to the next boundary. The line end before a boundary belongs to the boundary. */
  #readText(depth: number): string {
    const start = this.#at;
    this.#at = this.#nextBoundary()?.start ?? this.#text.length;
    const text = this.#text.slice(start, this.#at);
    return depth === 0 ? text : text.replace(/(?:\r\n|\r|\n)$/, "");
  }

  /** Reads the parts between boundary lines; if there are none, reads the text. */
  #readMultipart(boundary: string, partType: string, depth: number): string | readonly MimePart[] {
    const start = this.#at;
    // An outer multipart may have the same boundary; its depth then counts.
    const isOwn = !this.#depths.has(boundary);
    if (isOwn) this.#depths.set(boundary, depth);
    const parts: MimePart[] = [];
    let found = this.#nextBoundary();
    const preamble = this.#text.slice(start, found?.start);
    while (found?.depth === depth && !found.isLast) {
      // There is no part between boundaries on consecutive lines.
      for (let next: Boundary | undefined = found; next?.depth === depth;) {
        this.#at = next.end;
        next = this.#boundaryAt(this.#at);
      }
      parts.push(this.readPart(partType, depth + 1));
      found = this.#nextBoundary();
    }
    if (isOwn) this.#depths.delete(boundary);
    if (found?.depth === depth) this.#at = found.end;
    this.#at = this.#nextBoundary()?.start ?? this.#text.length;
    return parts.length > 0 ? parts : preamble;
  }

  #nextBoundary(): Boundary | undefined {
    if (this.#depths.size === 0) return undefined;
    const dashes = /(?<![^\r\n])--/g;
    dashes.lastIndex = this.#at;
    for (let match = dashes.exec(this.#text); match !== null; match = dashes.exec(this.#text)) {
      const boundary = this.#boundaryAt(match.index);
      if (boundary !== undefined) return boundary;
    }
    return undefined;
  }

  /** The boundary line that begins at an index; if several multiparts match, the outermost's. */
  #boundaryAt(start: number): Boundary | undefined {
    if (this.#depths.size === 0) return undefined;
    const line = /--([^\r\n]*)/y;
    line.lastIndex = start;
    const name = line.exec(this.#text)?.[1]?.trimEnd();
    if (name === undefined) return undefined;
    const end = line.lastIndex + lineEndLength(this.#text, line.lastIndex);
    const between = this.#depths.get(name) ?? Infinity;
    const last = name.endsWith("--") ? this.#depths.get(name.slice(0, -2)) ?? Infinity : Infinity;
    const depth = Math.min(between, last);
    return depth === Infinity ? undefined : { start, end, depth, isLast: last < between };
  }
}

function limitExceeded(reason: string): Rejected {
  return new Rejected("EVENTS_REJECTED", `The message cannot be read: ${reason}`);
}

/** The type in a Content-Type header; `text/plain` if it is malformed (RFC 2045, section 5.2). */
function mediaType(header: string): string {
  const [type = ""] = header.toLowerCase().split(";", 1);
  return type.split("/").length === 2 ? type.trim() : "text/plain";
}

/** Length of the line end at an index; 0 if there is none. */
function lineEndLength(text: string, at: number): number {
  if (text.startsWith("\r\n", at)) return 2;
  return text.startsWith("\n", at) || text.startsWith("\r", at) ? 1 : 0;
}
