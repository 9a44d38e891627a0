import type { FaultyPosition, Position, Positions } from "../../../lib/lake/positions.ts";

/** A store of positions that fails as often as it is told to. */
export class MemoryPositions implements Positions {
  readonly #positions = new Map<string, Position>();
  readonly faulty: FaultyPosition[] = [];
  failures = 0;

  list(source: string): Promise<(Position | FaultyPosition)[]> {
    const found = [...this.#positions.values()].filter((one) => one.source === source);
    return Promise.resolve([...found, ...this.faulty]);
  }

  save(position: Position): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error("killed"));
    this.#positions.set(position.id, position);
    return Promise.resolve();
  }

  /** Damages all positions, as a hand would. */
  damage(): void {
    for (const { id } of this.#positions.values()) {
      this.faulty.push({ id, reason: "offset is a string", since: 0 });
    }
    this.#positions.clear();
  }

  remove(id: string): Promise<void> {
    this.#positions.delete(id);
    return Promise.resolve();
  }
}
