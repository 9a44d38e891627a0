import type { FaultyPosition, Position, Positions } from "../../lake/positions.ts";
import { type GrownFile, SAMPLE_BYTES } from "./grown_file.ts";

/** Positions that are kept of files whose content was replaced, in case a copy turns up. */
const KEPT_REPLACED = 64;

/** Seconds after which the position of a file that is gone is forgotten. */
const FORGOTTEN_AFTER = 30 * 86_400;

/** The positions of one source, which are read from the store once. */
export class KnownPositions {
  readonly #positions: Positions;
  readonly #byId = new Map<string, Position>();
  readonly #byFile = new Map<string, Position>();
  /** The positions of each content, by the hash of its start, and how long these starts are. */
  readonly #byStart = new Map<string, Map<string, Position>>();
  readonly #startLengths = new Set<number>();
  #since = Infinity;

  private constructor(positions: Positions) {
    this.#positions = positions;
  }

  /** Loads the positions of a source; tells of those that cannot be read. */
  static async load(
    positions: Positions,
    source: string,
    onFaulty: (position: FaultyPosition) => void,
  ): Promise<KnownPositions> {
    const known = new KnownPositions(positions);
    for (const position of await positions.list(source)) {
      if ("reason" in position) {
        onFaulty(position);
        known.#since = Math.min(known.#since, position.since);
      } else known.#keep(position);
    }
    return known;
  }

  all(): readonly Position[] {
    return [...this.#byId.values()];
  }

  of(file: string): Position | undefined {
    return this.#byFile.get(file);
  }

  /** When the source was first followed, in seconds since 1970; `now` if it never was. */
  since(now: number): number {
    return Math.min(this.#since, now);
  }

  /** The position of the longest content that a file begins with. */
  async findOriginal(file: GrownFile): Promise<Position | undefined> {
    const candidates: Position[] = [];
    for (const length of this.#startLengths) {
      if (length > file.size) continue;
      candidates.push(...this.#byStart.get(await file.startHash(length))?.values() ?? []);
    }
    for (const position of candidates.toSorted((a, b) => b.end - a.end)) {
      if (await file.holds(position)) return position;
    }
    return undefined;
  }

  async save(position: Position): Promise<void> {
    await this.#positions.save(position);
    this.#keep(position);
  }

  /** Removes the positions of files that have been gone for long. */
  async forgetGone(present: ReadonlyMap<string, string>, now: number): Promise<void> {
    for (const position of this.all()) {
      const isGone = position.file === null || !present.has(position.file);
      if (isGone && position.timestamp < now - FORGOTTEN_AFTER) await this.#remove(position);
    }
  }

  /** Notes that the file of a position has other content now. */
  async markReplaced(position: Position): Promise<void> {
    await this.save({ ...position, file: null });
    const replaced = this.all().filter(({ file }) => file === null)
      .toSorted((a, b) => b.timestamp - a.timestamp);
    for (const old of replaced.slice(KEPT_REPLACED)) await this.#remove(old);
  }

  #keep(position: Position): void {
    this.#drop(position.id);
    this.#byId.set(position.id, position);
    if (position.file !== null) this.#byFile.set(position.file, position);
    this.#since = Math.min(this.#since, position.since);
    if (position.end === 0) return;
    const start = startOf(position);
    this.#startLengths.add(Math.min(position.end, SAMPLE_BYTES));
    const same = this.#byStart.get(start) ?? new Map<string, Position>();
    this.#byStart.set(start, same.set(position.id, position));
  }

  #drop(id: string): void {
    const before = this.#byId.get(id);
    this.#byId.delete(id);
    if (before === undefined) return;
    this.#byStart.get(startOf(before))?.delete(id);
    if (before.file !== null && this.#byFile.get(before.file)?.id === id) {
      this.#byFile.delete(before.file);
    }
  }

  async #remove({ id }: Position): Promise<void> {
    await this.#positions.remove(id);
    this.#drop(id);
  }
}

/** Hash of the start of the content that a position is about. */
function startOf({ fingerprint }: Position): string {
  return fingerprint.split(":", 1)[0]!;
}
