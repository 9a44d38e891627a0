import { Rejected } from "../../errors.ts";
import { readParameters } from "./parameters.ts";

/** The headers that are kept. */
const HEADERS: ReadonlySet<string> = new Set([
  ...["from", "to", "subject", "date", "reply-to", "x-mailgun-sending-ip"],
  ...["content-type", "content-transfer-encoding", "content-disposition", "content-id"],
]);

// Far more than mail programs make: they bound the work on hostile text.
const MAX_DEPTH = 100;
const MAX_PARTS = 10_000;
const MAX_HEADER = 1024 ** 2;

/** A message, or a part of one. */
export type Part = {
  /** Unfolded values by names in small letters; of several with one name the first. */
  readonly headers: ReadonlyMap<string, string>;
  /** In small letters: `text/plain`. */
  readonly type: string;
  /** The parts of a multipart; else, and if it has none, the text in its transfer encoding. */
  readonly content: string | readonly Part[];
};

/**
 * A message in the form of RFC 5322 and RFC 2046, with lines that end in LF, CR or both. Like most
 * mail programs it takes what it gets: text without headers is a message, too.
 *
 * Throws Rejected EVENTS_REJECTED if there are more than 10,000 parts, some nested deeper than 100,
 * or a header is longer than 1 MiB.
 */
export function readMessage(text: string): Part {
  return new MessageReader(text).part("text/plain", 0);
}

/** A line between parts. */
type Boundary = {
  readonly start: number;
  readonly end: number;
  /** How deep the multipart is nested to which it belongs. */
  readonly depth: number;
  readonly isLast: boolean;
};

class MessageReader {
  readonly #text: string;
  #at = 0;
  #parts = 0;
  /** Boundaries of the multiparts it is in, and how deep these are nested. */
  readonly #depths = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  part(defaultType: string, depth: number): Part {
    if (depth > MAX_DEPTH) throw tooMuch(`parts are nested deeper than ${MAX_DEPTH}`);
    if (++this.#parts > MAX_PARTS) throw tooMuch(`it has more than ${MAX_PARTS} parts`);
    const headers = this.#headers();
    const header = headers.get("content-type");
    const type = header === undefined ? defaultType : typeIn(header);
    const boundary = type.startsWith("multipart/") && header !== undefined
      ? readParameters(header).get("boundary")?.trimEnd()
      : undefined;
    if (boundary === undefined) return { headers, type, content: this.#leaf(depth) };
    const partType = type === "multipart/digest" ? "message/rfc822" : "text/plain";
    return { headers, type, content: this.#multipart(boundary, partType, depth) };
  }

  /** Reads headers up to the empty line, or to the first line that is none. */
  #headers(): Map<string, string> {
    const headers = new Map<string, string>();
    let name = "";
    let valueStart = 0;
    const keep = () => {
      if (!HEADERS.has(name) || headers.has(name)) return;
      if (this.#at - valueStart > MAX_HEADER) throw tooMuch("a header is longer than 1 MiB");
      const folded = this.#text.slice(valueStart, this.#at).replace(/^[ \t]+/, "");
      headers.set(name, folded.replace(/[\r\n]/g, ""));
    };
    const line = /(?:([!-9;-~]*):|From |([ \t]))[^\r\n]*(?:\r\n|\r|\n|$)/y;
    while (this.#boundaryAt(this.#at) === undefined) {
      line.lastIndex = this.#at;
      const match = line.exec(this.#text);
      if (match === null) break;
      if (match[2] === undefined) {
        keep();
        name = match[1]?.toLowerCase() ?? "";
        valueStart = this.#at + name.length + 1;
      }
      this.#at = line.lastIndex;
    }
    keep();
    this.#at += lineEndAt(this.#text, this.#at);
    return headers;
  }

  /** Reads up to a boundary. The end of the line before it belongs to the boundary. */
  #leaf(depth: number): string {
    const start = this.#at;
    this.#at = this.#nextBoundary()?.start ?? this.#text.length;
    const text = this.#text.slice(start, this.#at);
    return depth === 0 ? text : text.replace(/(?:\r\n|\r|\n)$/, "");
  }

  /** Reads the parts between lines with a boundary; text if there is none to begin with. */
  #multipart(boundary: string, partType: string, depth: number): string | readonly Part[] {
    const start = this.#at;
    // The boundary of a multipart is one within its parts as well.
    const isOwn = !this.#depths.has(boundary);
    if (isOwn) this.#depths.set(boundary, depth);
    const parts: Part[] = [];
    let found = this.#nextBoundary();
    const preamble = this.#text.slice(start, found?.start);
    while (found?.depth === depth && !found.isLast) {
      // Boundaries that follow one another have no part between them.
      for (let next: Boundary | undefined = found; next?.depth === depth;) {
        this.#at = next.end;
        next = this.#boundaryAt(this.#at);
      }
      parts.push(this.part(partType, depth + 1));
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

  /** The boundary that the line is which begins there; of several the outermost's. */
  #boundaryAt(start: number): Boundary | undefined {
    if (this.#depths.size === 0) return undefined;
    const line = /--([^\r\n]*)/y;
    line.lastIndex = start;
    const name = line.exec(this.#text)?.[1]?.trimEnd();
    if (name === undefined) return undefined;
    const end = line.lastIndex + lineEndAt(this.#text, line.lastIndex);
    const between = this.#depths.get(name) ?? Infinity;
    const last = name.endsWith("--") ? this.#depths.get(name.slice(0, -2)) ?? Infinity : Infinity;
    const depth = Math.min(between, last);
    return depth === Infinity ? undefined : { start, end, depth, isLast: last < between };
  }
}

function tooMuch(what: string): Rejected {
  return new Rejected("EVENTS_REJECTED", `The message cannot be read: ${what}`);
}

/** The type in a Content-Type header; what is none is `text/plain` (RFC 2045, section 5.2). */
function typeIn(header: string): string {
  const [type = ""] = header.toLowerCase().split(";", 1);
  return type.split("/").length === 2 ? type.trim() : "text/plain";
}

/** How many characters the end of a line has that may be there. */
function lineEndAt(text: string, at: number): number {
  if (text.startsWith("\r\n", at)) return 2;
  return text.startsWith("\n", at) || text.startsWith("\r", at) ? 1 : 0;
}
