import { isSealedForAnotherKey } from "../../envelope/open.ts";
import type { ClaimOutcome } from "../../lake/archive_batch.ts";

/**
 * Entries after which a service stops if its keys opened none of them. A member who sends damaged
 * envelopes must not stop a service whose key is right, so they are more than a mistake brings.
 */
const ENOUGH = 32;

/** Watches whether the private keys of a run open anything of what it claims. */
export class KeyUse {
  #opened = false;
  #sealedForOthers = 0;
  readonly #wrong = new AbortController();

  /** Aborts once it is certain that the keys are wrong. */
  get wrong(): AbortSignal {
    return this.#wrong.signal;
  }

  record({ outcome, error }: Pick<ClaimOutcome, "outcome" | "error">): void {
    if (isSealedForAnotherKey(error)) this.#sealedForOthers++;
    else if (outcome.state === "SUCCESS") this.#opened = true;
    if (!this.#opened && this.#sealedForOthers >= ENOUGH) this.#wrong.abort();
  }

  /** What to tell the operator if the keys opened nothing; undefined if they opened something. */
  get fault(): string | undefined {
    if (this.#opened || this.#sealedForOthers === 0) return undefined;
    return `Cannot open any of ${this.#sealedForOthers} envelopes: they are sealed for another key ` +
      "than archive.private_key and archive.old_private_keys, or damaged. Restore the key, " +
      "check it with archive doctor, then: archive quarantine replay --state ERROR";
  }
}
