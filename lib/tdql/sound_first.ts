/** Queries among which sound ones are looked for, behind damaged ones. */
export const LOOK_WINDOW = 1500;

/** Milliseconds until the next look after one that found none. */
const PAUSE = 300;

/**
 * Puts sound queries before damaged ones, however old these are: each damaged query takes the time of
 * an answer to fail, and a thousand of them must not make the others wait. One for each inbox.
 */
export class SoundFirst<Found> {
  readonly #isDamaged: (found: Found) => boolean;
  #nextLook = -Infinity;

  constructor(isDamaged: (found: Found) => boolean) {
    this.#isDamaged = isDamaged;
  }

  /** Whether to look for sound queries in a larger window than that of the found ones. */
  wantsLook(found: readonly Found[]): boolean {
    return performance.now() >= this.#nextLook && found.some(this.#isDamaged);
  }

  /** The sound queries of a larger window, then the damaged ones that were found: up to the limit. */
  choose(
    found: readonly Found[],
    window: readonly Found[],
    limit: number,
  ): readonly Found[] {
    const sound = window.filter((each) => !this.#isDamaged(each));
    if (sound.length === 0) this.#nextLook = performance.now() + PAUSE;
    return [...sound, ...found.filter(this.#isDamaged)].slice(0, limit);
  }
}
