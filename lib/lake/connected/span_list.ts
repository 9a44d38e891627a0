import { Column } from "./column.ts";
import type { Span } from "./json_walker.ts";

/** Where many things are, in 12 bytes each. */
export class SpanList {
  readonly #starts = new Column(new Float64Array());
  readonly #lengths = new Column(new Uint32Array());

  get length(): number {
    return this.#starts.length;
  }

  push(span: Span): void {
    this.set(this.length, span);
  }

  set(index: number, { start, length }: Span): void {
    this.#starts.set(index, start);
    this.#lengths.set(index, length);
  }

  /** The place at an index; of length 0 if there is none. */
  get(index: number): Span {
    return { start: this.#starts.get(index), length: this.#lengths.get(index) };
  }

  truncate(length: number): void {
    this.#starts.truncate(length);
    this.#lengths.truncate(length);
  }

  /** Gives back the memory that was reserved for more places. */
  trim(): void {
    this.#starts.trim();
    this.#lengths.trim();
  }

  /** Drops what is at or behind a byte, at the end of the list. */
  dropFrom(start: number): void {
    let length = this.length;
    while (length > 0 && this.#starts.get(length - 1) >= start) length--;
    this.truncate(length);
  }
}
