import { log } from "../../log.ts";
import type { Damaged } from "../../tahoe/instances.ts";

/** The most events that are named. */
const MOST_EVENTS = 1000;

/** Logs events that cannot be read, each once: clients ask for them again and again. */
export class DamageLog {
  readonly #known = new Set<string>();

  note({ hash: event, reason }: Damaged): void {
    if (this.#known.has(event) || this.#known.size >= MOST_EVENTS) return;
    this.#known.add(event);
    log.warn("An event cannot be read, and is left out. See all: archive verify", {
      event,
      reason,
    });
  }
}
