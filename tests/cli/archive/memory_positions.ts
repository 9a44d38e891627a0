import type { Position, Positions } from "../../../lib/lake/positions.ts";

/** A store of positions that fails as often as it is told to. */
export class MemoryPositions implements Positions {
  readonly #positions = new Map<string, Position>();
  failures = 0;

  list(source: string): Promise<Position[]> {
    return Promise.resolve([...this.#positions.values()].filter((one) => one.source === source));
  }

  save(position: Position): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error("killed"));
    this.#positions.set(position.id, position);
    return Promise.resolve();
  }

  remove(id: string): Promise<void> {
    this.#positions.delete(id);
    return Promise.resolve();
  }
}
