import type { CompactLog } from "./compact_log.ts";
import type { Finder } from "./find_spans.ts";
import type { Span } from "./json_walker.ts";
import { SpanList } from "./span_list.ts";

/** A list of records, a record (bundle, envelope or object), and the list `objects` of a record. */
type Role = "list" | "record" | "objects";

/** Longest JSON of a type or boolean that is looked at. */
const SHORT_BYTES = 200;

/** Finds the objects in bundles, envelopes of TAXII servers, and lists of these or of objects. */
export class StixFinder implements Finder<Role> {
  readonly #log: CompactLog;
  readonly objects = new SpanList();
  /** Records that are neither objects nor bundles. */
  readonly others = new SpanList();
  /** Number of objects before the record that is being walked through. */
  #before = 0;
  #type: string | undefined;
  #isEnvelope = false;

  constructor(log: CompactLog) {
    this.#log = log;
  }

  enter(
    kind: "array" | "object",
    container: Role | undefined,
    key: string | undefined,
  ): Role | undefined {
    if (container === undefined) return kind === "array" ? "list" : "record";
    if (container === "list") return kind === "object" ? "record" : undefined;
    return container === "record" && kind === "array" && key === "objects" ? "objects" : undefined;
  }

  open(role: Role): void {
    if (role === "record") {
      [this.#before, this.#type, this.#isEnvelope] = [this.objects.length, undefined, false];
    } else if (role === "objects") {
      this.objects.truncate(this.#before);
      this.#isEnvelope = true;
    }
  }

  value(container: Role, key: string | undefined, span: Span): void {
    if (container === "objects") this.objects.push(span);
    else if (container !== "record") this.others.push(span);
    else if (key === "objects") {
      this.objects.truncate(this.#before);
      this.objects.push(span);
    } else if (key === "type") this.#type = this.#readShort(span);
    else if (key === "more") this.#isEnvelope ||= /^(?:true|false)$/.test(this.#readShort(span));
  }

  close(role: Role, span: Span): void {
    if (role !== "record") return;
    const type = this.#type;
    // What the record consists of has been added already.
    if (type === '"bundle"' || (type === undefined && this.#isEnvelope)) return;
    this.objects.truncate(this.#before);
    (type?.startsWith('"') ? this.objects : this.others).push(span);
  }

  badLine(span: Span): void {
    this.objects.dropFrom(span.start);
    this.others.dropFrom(span.start);
    this.others.push(span);
  }

  #readShort({ start, length }: Span): string {
    return new TextDecoder().decode(
      this.#log.read({ start, length: Math.min(length, SHORT_BYTES) }),
    );
  }
}
