/** Milliseconds after which a position counts as one where the reader stays. */
const SETTLED_MS = 150;

/** What shows that the reader goes somewhere else. */
const MOVES = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/**
 * Remembers in the browser's history how far down each entry was read. The browser does this only for
 * what is in the document at once; answers come later.
 */
export class ScrollMemory {
  #saving: ReturnType<typeof setTimeout> | undefined;
  #growing: ResizeObserver | undefined;

  constructor() {
    history.scrollRestoration = "manual";
    addEventListener("scroll", () => this.#saveSoon(), { passive: true });
    addEventListener("pagehide", () => this.save());
    for (const move of MOVES) {
      addEventListener(move, () => this.forget(), { capture: true, passive: true });
    }
  }

  /** Keeps the position with the entry that is shown. */
  save(): void {
    clearTimeout(this.#saving);
    // While the answer grows, the position is not the reader's.
    if (this.#growing === undefined) {
      history.replaceState({ ...history.state, scrolled: scrollY }, "");
    }
  }

  /** Goes to the position kept with the entry, once and as long as the part grows up to it. */
  restore(part: Element): void {
    clearTimeout(this.#saving);
    this.forget();
    const scrolled = Number(history.state?.scrolled ?? 0);
    if (scrolled === 0) return;
    this.#growing = new ResizeObserver(() => scrollTo(0, scrolled));
    this.#growing.observe(part);
  }

  /** Leaves the reader where they are. */
  forget(): void {
    this.#growing?.disconnect();
    this.#growing = undefined;
  }

  #saveSoon(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.save(), SETTLED_MS);
  }
}
