import type { CompactLog } from "./compact_log.ts";
import type { Finder } from "./find_spans.ts";
import type { Span } from "./json_walker.ts";

/** Lists in an event, between whose members it can be split. */
export const MEMBER_LISTS = ["Attribute", "Object", "ShadowAttribute", "EventReport"] as const;
export type MemberList = typeof MEMBER_LISTS[number];

/** Something that can be imported by itself: what has this name, or else any record. */
export type MispUnit = Span & { readonly kind: "Event" | "Attribute" | "Object" | "record" };
export type MispMember = Span & { readonly list: MemberList };

/** An event that is too large for a part: where its members are, and everything else in it. */
export type LargeEvent = Span & {
  readonly kind: "large event";
  readonly header: ReadonlyMap<string, Span>;
  readonly members: readonly MispMember[];
};

/** A list of records, a record, the event that a record has, and lists of members. */
type Role = "list" | "record" | "event" | MemberList;

/** What was found in a record so far. */
type RecordDraft = {
  readonly header: Map<string, Span>;
  members: MispMember[];
  readonly found: (MispUnit | LargeEvent)[];
};

/** Finds events, attributes and objects in MISP JSON, and the members of events larger than a part. */
export class MispFinder implements Finder<Role> {
  readonly #log: CompactLog;
  readonly #partBytes: number;
  readonly #drafts: RecordDraft[] = [];
  #found: (MispUnit | LargeEvent)[] = [];

  constructor(log: CompactLog, partBytes: number) {
    this.#log = log;
    this.#partBytes = partBytes;
  }

  get found(): readonly (MispUnit | LargeEvent)[] {
    return this.#found;
  }

  enter(
    kind: "array" | "object",
    container: Role | undefined,
    key: string | undefined,
  ): Role | undefined {
    const isNested = container === undefined || container === "list" ||
      (container === "record" && key === "response");
    if (isNested) return kind === "array" ? "list" : "record";
    if (container === "record" && key === "Event") return kind === "array" ? "list" : "event";
    if (container !== "record" && container !== "event") return undefined;
    return kind === "array" ? MEMBER_LISTS.find((list) => list === key) : undefined;
  }

  open(role: Role): void {
    const draft = this.#drafts.at(-1);
    if (role === "record" || role === "event") {
      this.#drafts.push({ header: new Map(), members: [], found: [] });
    } else if (role !== "list") {
      draft!.members = draft!.members.filter(({ list }) => list !== role);
    }
  }

  value(container: Role, key: string | undefined, span: Span): void {
    const draft = this.#drafts.at(-1);
    const list = MEMBER_LISTS.find((list) => list === (key ?? container));
    if (container === "list") this.#add({ ...span, kind: "record" });
    else if (list !== undefined) draft!.members.push({ ...span, list });
    else draft!.header.set(key!, span);
  }

  close(role: Role, span: Span): void {
    if (role !== "record" && role !== "event") return;
    const draft = this.#drafts.pop()!;
    for (const one of this.#understand(role, span, draft)) this.#add(one);
  }

  badLine(span: Span): void {
    this.#drafts.length = 0;
    this.#found = this.#found.filter(({ start }) => start < span.start);
    this.#found.push({ ...span, kind: "record" });
  }

  #add(one: MispUnit | LargeEvent): void {
    (this.#drafts.at(-1)?.found ?? this.#found).push(one);
  }

  #understand(
    role: "record" | "event",
    span: Span,
    { header, members, found }: RecordDraft,
  ): readonly (MispUnit | LargeEvent)[] {
    const kind = role === "event" ? "Event" : "record";
    if (span.length <= this.#partBytes) return [{ ...span, kind }];
    const isText = (name: string) => this.#beginsWithQuote(header.get(name));
    const isAttribute = isText("type") && header.has("value");
    const isObject = isText("name") && members.some(({ list }) => list === "Attribute");
    const isEvent = role === "event" || (isText("info") && !isAttribute && !isObject);
    if (isEvent) return [{ ...span, kind: "large event", header, members }];
    if (isAttribute || isObject) return [{ ...span, kind }];
    const units = members.flatMap(({ list: kind, ...member }) =>
      kind === "Attribute" || kind === "Object" ? [{ ...member, kind }] : []
    );
    const inside = [...found, ...units];
    return inside.length > 0 ? inside : [{ ...span, kind }];
  }

  #beginsWithQuote(span: Span | undefined): boolean {
    return span !== undefined && this.#log.read({ ...span, length: 1 })[0] === QUOTE;
  }
}

const QUOTE = 0x22;
