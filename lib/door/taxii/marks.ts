import type { Graph, Serial } from "../../graph/graph.ts";

/** A moment in milliseconds since 1970, and up to where events had been stored by then. */
type Mark = { readonly time: number; readonly serial: Serial };

/** Marks that are kept. With fewer, more events have the same time. */
const MOST_MARKS = 10_000;

/**
 * When events were added to the collections: when this program first saw them. Stores do not know when
 * they stored an event. What was there before counts as added when the program started, so clients
 * that ask for what is new get it once more, and miss nothing.
 */
export class Marks {
  readonly #graph: Pick<Graph, "lastSerial">;
  readonly #now: () => number;
  #marks: Mark[] = [];

  /** `now` returns seconds since 1970. */
  constructor(graph: Pick<Graph, "lastSerial">, now: () => number) {
    this.#graph = graph;
    this.#now = now;
  }

  /** Looks what is new; returns the serial up to which events have a time. */
  async look(): Promise<Serial> {
    const serial = await this.#graph.lastSerial();
    const last = this.#marks.at(-1);
    if (last !== undefined && serial <= last.serial) return last.serial;
    // Each mark has a time of its own, so that "after" one of them means "after its serial".
    const time = Math.max(Math.floor(this.#now() * 1000), (last?.time ?? 0) + 1);
    this.#marks.push({ time, serial });
    if (this.#marks.length > MOST_MARKS) this.#thinOut();
    return serial;
  }

  /** Returns when something was added, in milliseconds since 1970. */
  timeOf(serial: Serial): number {
    return this.#marks[this.#firstFrom((mark) => mark.serial >= serial)]?.time ?? 0;
  }

  /** Returns the serial after which everything was added later than a time in milliseconds. */
  serialAt(time: number): Serial {
    return this.#marks[this.#firstFrom((mark) => mark.time > time) - 1]?.serial ?? "";
  }

  /** Forgets every other one of the older half: what is between them counts as added later. */
  #thinOut(): void {
    this.#marks = this.#marks.filter((_, index) => index % 2 === 1 || index > MOST_MARKS / 2);
  }

  /** Index of the first mark of which something is true, as it is of all later ones. */
  #firstFrom(isTrue: (mark: Mark) => boolean): number {
    let [low, high] = [0, this.#marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isTrue(this.#marks[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
