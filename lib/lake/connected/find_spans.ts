import { Rejected } from "../../errors.ts";
import { isJsonObject } from "../split/find_cutter.ts";
import type { CompactLog } from "./compact_log.ts";
import { type JsonVisitor, JsonWalker, type Span } from "./json_walker.ts";

/** Finds the things of one format in JSON that a walker walks through. */
export type Finder<Role> = JsonVisitor<Role> & {
  /** Replaces what was found in a line by the line itself, which is not JSON. */
  badLine(span: Span): void;
};

const LINE_FEED = 0x0a;

/** Bytes that tell JSON from JSON Lines. */
const HEAD_BYTES = 2 * 1024 ** 2;

/**
 * Has a finder walk through an upload, which is JSON or JSON Lines, while the log gets everything that
 * is read. The first piece must be large enough to tell which it is.
 *
 * @throws {Rejected} ENTRY_INVALID when it is not JSON.
 */
export async function findSpans<Role>(
  stream: AsyncIterable<Uint8Array>,
  { log, finder }: { readonly log: CompactLog; readonly finder: Finder<Role> },
): Promise<void> {
  let scanner: LineScanner<Role> | JsonWalker<Role> | undefined;
  try {
    for await (const piece of stream) {
      scanner ??= isJsonLines(piece) ? new LineScanner(finder) : new JsonWalker(finder);
      log.append(piece);
      scanner.write(piece);
    }
    scanner?.end();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = `${error.message}; nothing of it was read. Fetch or export it again`;
    throw new Rejected("ENTRY_INVALID", reason, { cause: error });
  }
}

/** Whether an upload has a JSON object on each line; the first may be cut off, after a rotation. */
function isJsonLines(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head.subarray(0, HEAD_BYTES)).trimStart();
  const lines = text.split("\n").slice(0, -1);
  return isJsonObject(lines[0] ?? "") || (!/^[[{]/.test(text) && lines.some(isJsonObject));
}

/** Walks through each line by itself. */
class LineScanner<Role> {
  readonly #finder: Finder<Role>;
  #walker: JsonWalker<Role>;
  #offset = 0;
  #lineStart = 0;
  #isBad = false;

  constructor(finder: Finder<Role>) {
    this.#finder = finder;
    this.#walker = new JsonWalker(finder);
  }

  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      const feed = piece.indexOf(LINE_FEED, at);
      const end = feed < 0 ? piece.length : feed;
      this.#attempt(() => this.#walker.write(piece.subarray(at, end)));
      this.#offset += end - at;
      if (feed >= 0) this.#endLine();
      at = end + 1;
    }
  }

  end(): void {
    this.#endLine();
  }

  #attempt(work: () => void): void {
    if (this.#isBad) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#isBad = true;
    }
  }

  #endLine(): void {
    this.#attempt(() => this.#walker.end());
    if (this.#isBad) {
      const length = this.#offset - this.#lineStart;
      this.#finder.badLine({ start: this.#lineStart, length });
    }
    this.#lineStart = ++this.#offset;
    this.#isBad = false;
    this.#walker = new JsonWalker(this.#finder, this.#offset);
  }
}
