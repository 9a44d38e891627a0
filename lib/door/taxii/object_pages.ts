import { COMMON_OBJECTS, eventObjects } from "../../answers/export/event_objects.ts";
import type { StixObject } from "../../answers/export/extension.ts";
import type { Graph, Serial, StoredEvent } from "../../graph/graph.ts";
import type { Collection } from "./collections.ts";
import type { Marks } from "./marks.ts";
import { isWanted, type Match } from "./match.ts";

/** An object, and when it was added to the collection, in milliseconds since 1970. */
export type AddedObject = { readonly object: StixObject; readonly added: number };

/** A place among the objects of a collection. */
export type Cursor = {
  /** Where the last event was stored of which all objects were read. */
  readonly after: Serial;
  /** Objects of the next event that were read, too. */
  readonly skip: number;
  /** Whether the objects were read to which those of all events refer. */
  readonly hasCommon: boolean;
};

export const BEGINNING: Cursor = { after: "", skip: 0, hasCommon: false };

export type ObjectPage = {
  readonly objects: readonly AddedObject[];
  /** Where the next page begins; missing if there are no more objects. */
  readonly next?: Cursor;
};

export type ObjectPagesOptions = {
  readonly graph: Pick<Graph, "eventsBetween">;
  readonly marks: Marks;
  readonly collection: Collection;
};

/** Events that are read at once. */
const BATCH = 200;

/** Events that are read for one page; with few that are wanted, a page may have few objects or none. */
const MOST_EVENTS = 4000;

/** Reads the objects of a collection in the order in which they were added. */
export class ObjectPages {
  readonly #options: ObjectPagesOptions;

  constructor(options: ObjectPagesOptions) {
    this.#options = options;
  }

  /** Reads at most `limit` objects from a place on. An object that is in several events comes once. */
  async read(
    start: Cursor,
    { match, limit }: { readonly match: Match; readonly limit: number },
  ): Promise<ObjectPage> {
    const { graph, marks, collection: { orgids } } = this.#options;
    const until = await marks.look();
    const draft = new PageDraft({ match, limit });
    let cursor = start;
    if (!start.hasCommon) {
      const rest = draft.add(COMMON_OBJECTS.slice(start.skip), marks.timeOf(""));
      cursor = rest === 0
        ? { after: start.after, skip: 0, hasCommon: true }
        : { ...start, skip: COMMON_OBJECTS.length - rest };
    }
    for (let read = 0; read < MOST_EVENTS && !draft.isFull; read += BATCH) {
      const range = { after: cursor.after, until, limit: BATCH };
      const events = await graph.eventsBetween(orgids, range);
      for (const stored of events) {
        cursor = this.#addEvent(stored, cursor, draft);
        if (draft.isFull) break;
      }
      const isRead = events.length === 0 || cursor.after === events.at(-1)!.serial;
      if (events.length < BATCH && isRead && cursor.hasCommon) return { objects: draft.objects };
    }
    return { objects: draft.objects, next: cursor };
  }

  /** Adds the objects of an event as far as there is room; returns the place after them. */
  #addEvent({ event, serial }: StoredEvent, cursor: Cursor, draft: PageDraft): Cursor {
    const { marks, collection: { category } } = this.#options;
    const isIn = category === undefined || event.category === category;
    const objects = isIn ? eventObjects(event) : [];
    const rest = draft.add(objects.slice(cursor.skip), marks.timeOf(serial));
    return rest === 0
      ? { after: serial, skip: 0, hasCommon: true }
      : { ...cursor, skip: objects.length - rest };
  }
}

/** A page that is being filled. */
class PageDraft {
  readonly #match: Match;
  readonly #limit: number;
  readonly #objects = new Map<string, AddedObject>();

  constructor({ match, limit }: { readonly match: Match; readonly limit: number }) {
    this.#match = match;
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#objects.size >= this.#limit;
  }

  get objects(): readonly AddedObject[] {
    return [...this.#objects.values()];
  }

  /** Adds objects that are wanted; returns how many at the end have no room. */
  add(objects: readonly StixObject[], added: number): number {
    for (const [index, object] of objects.entries()) {
      if (this.isFull) return objects.length - index;
      const found = { object, added };
      if (isWanted(found, this.#match) && !this.#objects.has(object.id)) {
        this.#objects.set(object.id, found);
      }
    }
    return 0;
  }
}
