import {
  COMMON_OBJECTS,
  type EventObjects,
  eventObjects,
} from "../../answers/export/event_objects.ts";
import { attributesOf } from "../../answers/export/observable.ts";
import type { StixObject } from "../../answers/export/extension.ts";
import { errorMessage } from "../../errors.ts";
import type { AddedTime, EventFilter, Graph, Serial, StoredEvent } from "../../graph/graph.ts";
import type { Event } from "../../tahoe/instance.ts";
import { Damaged } from "../../tahoe/instances.ts";
import type { Collection } from "./collections.ts";
import type { AddedObject } from "./added_object.ts";
import { isWanted, type Match } from "./match.ts";

/** A place among the objects of a collection. */
export type Cursor = {
  /** After what the first page of this paging begins: what came since then does not come again. */
  readonly from: Serial;
  /** Where the last event was stored of which all objects were read. */
  readonly after: Serial;
  /** Objects of the next event that were read, too. */
  readonly skip: number;
  /** Whether the objects were read to which those of all events refer. */
  readonly hasCommon: boolean;
};

export const BEGINNING: Cursor = { from: "", after: "", skip: 0, hasCommon: false };

export type ObjectPage = {
  readonly objects: readonly AddedObject[];
  /** Where the next page begins; missing if there are no more objects. */
  readonly next?: Cursor;
};

export type ObjectPagesOptions = {
  readonly graph: Pick<Graph, "eventsBetween" | "firstAdded" | "isHeldBetween" | "noteAdded">;
  readonly collection: Collection;
  /** Returns seconds since 1970. */
  readonly now: () => number;
  /** Called with each event that is left out because it cannot be read. */
  readonly onDamaged: (event: Damaged) => void;
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

  /**
   * Reads at most `limit` objects from a place on. An object that is in several events comes with the
   * first of them in this paging.
   */
  async read(
    start: Cursor,
    { match, limit }: { readonly match: Match; readonly limit: number },
  ): Promise<ObjectPage> {
    const { graph, collection: { orgids }, now } = this.#options;
    const until = await graph.noteAdded(Math.floor(now() * 1_000_000));
    const draft = new PageDraft({ match, limit });
    const before = { after: start.from, until: start.after };
    let cursor = start;
    if (!start.hasCommon) {
      const added = await graph.firstAdded() ?? 0;
      const rest = draft.add(COMMON_OBJECTS.slice(start.skip), added);
      cursor = rest === 0
        ? { ...start, skip: 0, hasCommon: true }
        : { ...start, skip: COMMON_OBJECTS.length - rest };
    }
    for (let read = 0; read < MOST_EVENTS && !draft.isFull; read += BATCH) {
      const range = { after: cursor.after, until, limit: BATCH };
      const events = await graph.eventsBetween(orgids, range);
      for (const stored of events) {
        cursor = await this.#addEvent(stored, { cursor, draft, before });
        if (draft.isFull) break;
      }
      const isRead = events.length === 0 || cursor.after === events.at(-1)!.serial;
      if (events.length < BATCH && isRead && cursor.hasCommon) return { objects: draft.objects };
    }
    return { objects: draft.objects, next: cursor };
  }

  /** Adds the objects of an event as far as there is room; returns the place after them. */
  async #addEvent(
    { event, serial, added }: StoredEvent,
    { cursor, draft, before }: {
      readonly cursor: Cursor;
      readonly draft: PageDraft;
      /** Events of which the pages before have all objects. */
      readonly before: SerialRange;
    },
  ): Promise<Cursor> {
    const { objects, attributes } = this.#objectsOf(event);
    draft.leaveOut(objects.slice(0, cursor.skip));
    const left = objects.slice(cursor.skip);
    draft.leaveOut(await this.#givenBefore(draft.missing(left), attributes, before));
    const rest = draft.add(left, added);
    return rest === 0
      ? { from: cursor.from, after: serial, skip: 0, hasCommon: true }
      : { ...cursor, skip: objects.length - rest };
  }

  /** Selects the observables that an event of the pages before holds, too; `attributes` are theirs. */
  async #givenBefore(
    objects: readonly StixObject[],
    attributes: EventObjects["attributes"],
    before: SerialRange,
  ): Promise<readonly StixObject[]> {
    if (before.after === before.until) return [];
    const { graph, collection: { orgids, category = "all" } } = this.#options;
    const filter: EventFilter = { orgids, start: -Infinity, end: Infinity, category };
    const given = await Promise.all(objects.map(({ id }) => {
      const attribute = attributes.get(id);
      if (attribute === undefined) return false;
      const held = { hashes: attributesOf(attribute), context: "all" } as const;
      return graph.isHeldBetween(held, filter, before);
    }));
    return objects.filter((_, index) => given[index]);
  }

  #objectsOf(event: Event | Damaged): EventObjects {
    const { collection: { category }, onDamaged } = this.#options;
    const isOther = !(event instanceof Damaged) && category !== undefined &&
      event.category !== category;
    if (isOther) return NO_OBJECTS;
    const objects = event instanceof Damaged ? event : writeEvent(event);
    if (!(objects instanceof Damaged)) return objects;
    onDamaged(objects);
    return NO_OBJECTS;
  }
}

const NO_OBJECTS: EventObjects = { objects: [], attributes: new Map() };

/** Writes an event; what cannot be read or written must not keep others back. */
function writeEvent(event: Event): EventObjects | Damaged {
  try {
    return eventObjects(event);
  } catch (error) {
    return new Damaged(event._hash, errorMessage(error));
  }
}

/** From after one serial up to and including another. */
type SerialRange = { readonly after: Serial; readonly until: Serial };

/** A page that is being filled. */
class PageDraft {
  readonly #match: Match;
  readonly #limit: number;
  readonly #objects: AddedObject[] = [];
  /** Ids of the objects that are on this page, or were on one before. */
  readonly #given = new Set<string>();

  constructor({ match, limit }: { readonly match: Match; readonly limit: number }) {
    this.#match = match;
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#objects.length >= this.#limit;
  }

  get objects(): readonly AddedObject[] {
    return this.#objects;
  }

  /** Notes objects that were on pages before. */
  leaveOut(objects: readonly StixObject[]): void {
    for (const { id } of objects) this.#given.add(id);
  }

  /** Selects the objects that are wanted, and not known to be given. */
  missing(objects: readonly StixObject[]): readonly StixObject[] {
    return objects.filter((object) => isWanted(object, this.#match) && !this.#given.has(object.id));
  }

  /** Adds the objects that are missing; returns how many at the end have no room. */
  add(objects: readonly StixObject[], added: AddedTime): number {
    for (const [index, object] of objects.entries()) {
      if (this.isFull) return objects.length - index;
      const [missing] = this.missing([object]);
      if (missing === undefined) continue;
      this.#objects.push({ object, added });
      this.#given.add(object.id);
    }
    return 0;
  }
}
