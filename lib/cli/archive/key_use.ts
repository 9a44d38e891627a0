import { keyForOthers, openBytesWithAny } from "../../envelope/open.ts";
import type { PrivateKeys } from "../../envelope/key.ts";
import { Rejected } from "../../errors.ts";
import type { ClaimOutcome } from "../../lake/archive_batch.ts";
import { earlierRefs } from "../../lake/kept_raw.ts";
import type { CacheLake } from "../../lake/lake.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { log } from "../../log.ts";
import { counted } from "../../counted.ts";

/**
 * Entries after which a service stops if its keys opened none of them. A member who sends damaged
 * envelopes must not stop a service whose key is right, so they are more than a mistake brings.
 */
const ENOUGH = 32;

/** Entries that a run to the end must have met if the keys are a pair: a single one may be damaged. */
const SEVERAL = 2;

/** Archived entries whose envelopes are tried, newest first. */
const EARLIER_ENTRIES = 8;

/** Raws among which one of an upload is looked for. */
const EARLIER_RAWS = 64;

/**
 * What archived uploads say of the keys: they open some, or none; or the uploads are in the archive,
 * but were deleted from the lake; or there never were any.
 */
export type EarlierUse = "opened" | "closed" | "purged" | "none";

/**
 * Watches whether the private keys of a run open anything of what it claims. What damaged or foreign
 * envelopes look like, they look like under a wrong key, too: so before the keys count as wrong, they
 * are tried on what was archived before.
 */
export class KeyUse {
  readonly #earlierUse: () => Promise<EarlierUse>;
  readonly #isPair: boolean;
  /** Whether the keys opened anything: then they are right, whatever else comes. */
  #opened = false;
  /** Whether the keys do not open what was sealed for the public key, or was archived before. */
  #contradicted: boolean;
  /** Wrapped keys that no key unwraps, each once: a client may send a damaged envelope many times. */
  readonly #forOthers = new Set<string>();
  #judging = false;
  readonly #wrong = new AbortController();

  constructor({ isPair, earlierUse }: {
    /** Whether the private key opens what the public key seals; undefined if that is missing. */
    readonly isPair: boolean | undefined;
    /** Tries the keys on what was archived before. */
    readonly earlierUse: () => Promise<EarlierUse>;
  }) {
    this.#isPair = isPair === true;
    this.#contradicted = isPair === false;
    this.#earlierUse = earlierUse;
  }

  /** Aborts once there is enough to say that the keys are wrong. */
  get wrong(): AbortSignal {
    return this.#wrong.signal;
  }

  record(
    { claim, outcome, error, kept }: Pick<ClaimOutcome, "claim" | "outcome" | "error" | "kept">,
  ): void {
    const wrappedKey = keyForOthers(error);
    if (wrappedKey === undefined) {
      if (outcome.state === "SUCCESS" && !kept) this.#opened = true;
      return;
    }
    this.#forOthers.add(wrappedKey);
    if (earlierRefs(claim.entry).length > 0) this.#contradicted = true;
    if (this.#forOthers.size >= ENOUGH) this.#stopIfWrong();
  }

  /** Says what to tell the operator if the keys are wrong; undefined if they are not, or may not be. */
  async fault(): Promise<string | undefined> {
    const count = this.#forOthers.size;
    if (count === 0) return undefined;
    if (await this.#isRight()) return undefined;
    return `Cannot open any of ${counted(count, "envelope")}: they are sealed for another key ` +
      "than archive.private_key and archive.old_private_keys, or damaged. Restore the key, " +
      "check it with archive doctor, then: archive quarantine replay --state ERROR";
  }

  /** Tries again with the next envelope if the lake cannot be read. */
  async #stopIfWrong(): Promise<void> {
    if (this.#opened || this.#judging) return;
    this.#judging = true;
    try {
      if (!await this.#isRight()) this.#wrong.abort();
    } catch (error) {
      log.debug("Cannot try the keys on earlier uploads", { error });
    } finally {
      this.#judging = false;
    }
  }

  async #isRight(): Promise<boolean> {
    if (this.#opened) return true;
    const earlier = await this.#earlierUse();
    if (this.#opened) return true;
    if (earlier === "closed") this.#contradicted = true;
    const envelopes = this.#forOthers.size;
    const look = "members may seal for another key, or send what is damaged. Look at it: archive " +
      "quarantine list";
    if (earlier === "opened") {
      this.#opened = true;
      log.warn(
        `The keys open what was archived before, but nothing that is waiting: ${look}`,
        { envelopes },
      );
      return true;
    }
    const isLone = envelopes < SEVERAL;
    if (this.#contradicted || !this.#isPair || !(isLone || earlier === "purged")) return false;
    log.warn(
      `The keys open nothing that is waiting, and there is no archived upload to try them on: ${look}`,
      { envelopes },
    );
    return true;
  }
}

/** Tries the keys on the envelopes that were archived last. */
export async function tryEarlier(
  { lake, archive }: {
    readonly lake: Pick<CacheLake, "list" | "read">;
    readonly archive: Pick<InstanceStore, "raws">;
  },
  keys: PrivateKeys,
  maxBytes: number,
): Promise<EarlierUse> {
  const entries = await lake.list({ states: ["SUCCESS"] }, EARLIER_ENTRIES);
  let tried = 0;
  for await (const group of lake.read(entries, maxBytes)) {
    for (const { file } of group) {
      if (file instanceof Rejected) continue;
      if (await opens(keys, file)) return "opened";
      tried++;
    }
  }
  if (tried > 0) return "closed";
  return await hasUpload(archive) ? "purged" : "none";
}

/** Tells whether the archive has what an upload brought: what was imported has the name of a file. */
async function hasUpload(archive: Pick<InstanceStore, "raws">): Promise<boolean> {
  let looked = 0;
  for await (const { _sources = [] } of archive.raws(undefined)) {
    if (_sources.some(({ name }) => name === undefined)) return true;
    if (++looked >= EARLIER_RAWS) return false;
  }
  return false;
}

async function opens(keys: PrivateKeys, envelope: Uint8Array): Promise<boolean> {
  try {
    await openBytesWithAny(envelope, keys);
    return true;
  } catch (error) {
    if (error instanceof Rejected) return false;
    throw error;
  }
}
