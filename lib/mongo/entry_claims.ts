import { type Collection, type Document, Double, ObjectId } from "mongodb";
import type { Claim, ClaimOptions } from "../lake/lake.ts";
import {
  type EntryCandidate,
  type FaultyEntry,
  objectIdHex,
  readEntryDocument,
  settleUpdate,
  toClaim,
  UNFINISHED,
} from "./entry.ts";
import { ENTRY_STAGES } from "./entry_fields.ts";
import { FaultyEntries } from "./faulty_entries.ts";
import { isDocumentError } from "./store_errors.ts";
import { tryUpdateMany, type Update, updateEach } from "./update_each.ts";
import { WaitingHint } from "./waiting_hint.ts";

/** Claims entries for the workers of one process. Its errors are the driver's own. */
export class EntryClaims {
  readonly #entries: Collection<Document>;
  /** Tokens of claims whose answer was lost with the connection: the server may have made them. */
  readonly #doubtful = new Set<ObjectId>();
  #drained = true;
  readonly #hint = new WaitingHint();
  readonly #faulty: FaultyEntries;
  /**
   * `_id`s of entries to which the server refuses to write anything; undefined stands for those that
   * filters cannot name. Claims step over them.
   */
  readonly #unwritable: unknown[] = [];
  readonly #files = new WeakMap<object, string>();

  constructor(entries: Collection<Document>) {
    this.#entries = entries;
    this.#faulty = new FaultyEntries(entries);
  }

  /**
   * Hex digits of the id of the file of an entry that was claimed here; undefined if the entry names
   * none. Keeps readers from asking for it again.
   */
  fileOf(claim: object): string | undefined {
    return this.#files.get(claim);
  }

  /** Whether the last claim found nothing, so that whatever is there now is new. */
  get drained(): boolean {
    return this.#drained;
  }

  /** Condition for all entries but those to which nothing can be written. */
  stepOver(): Document {
    if (this.#unwritable.length === 0) return {};
    const isNamed = this.#unwritable.every((_id) => _id !== undefined);
    return { _id: { $nin: this.#unwritable, ...(!isNamed && { $type: "objectId" }) } };
  }

  async claim(options: ClaimOptions): Promise<Claim[]> {
    const { owner, limit, lease, now, onSetAside } = options;
    await this.#releaseDoubtful();
    while (limit > 0) {
      const candidates = await this.#findCandidates(limit, now);
      this.#drained = candidates.length === 0;
      if (this.#drained && await this.#setAsideOthers(options) === 0) break;
      await this.#setAside(candidates.filter((each) => "reason" in each), onSetAside);
      const sound = oldestFirst(candidates.filter((each) => "lease" in each));
      if (sound.length === 0) continue;
      const claimed = await this.#claimEach(sound, { owner, until: now + lease, onSetAside });
      if (claimed.length > 0) return claimed.map((candidate) => this.#toClaim(candidate, owner));
      // Other workers claimed all of these first; there may be more.
    }
    return [];
  }

  /** Whether a claim would find an entry now, to hold it or to set it aside. */
  async hasCandidate(now: number): Promise<boolean> {
    return (await this.#findCandidates(1, now)).length > 0;
  }

  #toClaim(candidate: EntryCandidate, owner: string): Claim {
    const claim = toClaim(candidate, owner);
    const file = objectIdHex(candidate.fields["fid"]);
    if (file !== undefined) this.#files.set(claim, file);
    return claim;
  }

  /** Ends the leases of doubtful claims: no worker knows of them, so they would only run out. */
  async #releaseDoubtful(): Promise<void> {
    for (const token of this.#doubtful) {
      await this.#entries.updateMany(
        { ...UNFINISHED, "claim.token": token },
        { $set: { "claim.until": new Double(0) }, $unset: { "claim.owner": "" } },
      );
      this.#doubtful.delete(token);
    }
  }

  /** The oldest entries that were never claimed, and the one that came due first. */
  async #findCandidates(limit: number, now: number): Promise<(EntryCandidate | FaultyEntry)[]> {
    const [unclaimed, due] = await Promise.all([
      this.#findFirst({ "claim.until": null }, { timestamp: 1, _id: 1 }, limit),
      this.#findFirst(dueAt(now), { "claim.until": 1, "timestamp": 1 }, 1),
    ]);
    return [...due, ...unclaimed];
  }

  #findFirst(
    filter: Document,
    order: Document,
    limit: number,
  ): Promise<(EntryCandidate | FaultyEntry)[]> {
    const stages = [
      { $match: { ...UNFINISHED, ...this.stepOver(), ...filter } },
      { $sort: order },
      { $limit: limit },
      ...ENTRY_STAGES,
    ];
    return this.#hint.use((hint) =>
      this.#entries.aggregate(stages, { raw: true, batchSize: limit, allowDiskUse: true, ...hint })
        .map(readEntryDocument)
        .toArray()
    );
  }

  /** Sets aside what no candidate can be; returns how many entries. */
  async #setAsideOthers({ now, onSetAside }: ClaimOptions): Promise<number> {
    const found = await this.#faulty.find(now, this.stepOver());
    await this.#setAside(found, onSetAside);
    return found.length;
  }

  /** Ends entries that cannot be claimed as ERROR, by their `_id` alone. */
  async #setAside(
    entries: readonly FaultyEntry[],
    onSetAside: ClaimOptions["onSetAside"],
  ): Promise<void> {
    const named = entries.filter(({ _id }) => _id !== undefined);
    const unnamed = entries.filter(({ _id }) => _id === undefined);
    const { unmatched, refused } = await updateEach(this.#entries, named.map(endByName));
    for (const [i, { _id, id, reason }] of named.entries()) {
      const kept = refused.has(i);
      if (kept) this.#unwritable.push(_id);
      if (kept || !unmatched.has(i)) onSetAside?.({ id, reason, kept });
    }
    if (unnamed.length === 0) return;
    const ended = await tryUpdateMany(this.#entries, END_OF_UNNAMED);
    if (ended === "refused") this.#unwritable.push(undefined);
    if (ended === "unmatched") return;
    for (const { id, reason } of unnamed) onSetAside?.({ id, reason, kept: ended === "refused" });
  }

  /** Claims candidates together or, if the server refuses one of them, the rest one by one. */
  async #claimEach(
    candidates: readonly EntryCandidate[],
    options: { owner: string; until: number; onSetAside: ClaimOptions["onSetAside"] },
  ): Promise<readonly EntryCandidate[]> {
    const token = new ObjectId();
    const claimed: EntryCandidate[] = [];
    this.#doubtful.add(token);
    try {
      claimed.push(...await this.#claimAll(candidates, { ...options, token }));
    } catch (error) {
      if (!isDocumentError(error)) throw error;
      claimed.push(...await this.#selectClaimed(candidates, token));
      const others = candidates.filter((candidate) => !claimed.includes(candidate));
      if (candidates.length === 1) await this.#giveUp(others, error.code, options.onSetAside);
      else for (const each of others) claimed.push(...await this.#claimEach([each], options));
    }
    this.#doubtful.delete(token);
    return claimed;
  }

  /** Sets aside candidates that look sound, but to which the server writes no claim. */
  async #giveUp(
    candidates: readonly EntryCandidate[],
    code: unknown,
    onSetAside: ClaimOptions["onSetAside"],
  ): Promise<void> {
    const reason = `MongoDB refuses to write a claim to it (code ${code})`;
    const faulty = candidates.map(({ id: _id }) => ({ _id, id: _id.toHexString(), reason }));
    await this.#setAside(faulty, onSetAside);
  }

  /**
   * Claims the candidates, several new ones or a single one. Returns those that no other worker
   * claimed in the meantime.
   */
  async #claimAll(
    candidates: readonly EntryCandidate[],
    { owner, until, token }: { owner: string; until: number; token: ObjectId },
  ): Promise<readonly EntryCandidate[]> {
    const { until: before = null, attempts = 0 } = candidates[0]?.lease ?? {};
    const { modifiedCount } = await this.#entries.updateMany(
      {
        ...UNFINISHED,
        "_id": { $in: candidates.map(({ id }) => id) },
        "claim.until": before,
        "claim.attempts": attempts === 0 ? { $in: [0, null] } : attempts,
      },
      {
        $set: { "claim.owner": owner, "claim.until": new Double(until), "claim.token": token },
        $inc: { "claim.attempts": 1 },
        $unset: { "claim.reason": "" },
      },
    );
    return modifiedCount === 0 || modifiedCount === candidates.length
      ? candidates.slice(0, modifiedCount)
      : await this.#selectClaimed(candidates, token);
  }

  /** Returns the candidates that were claimed with the token. */
  async #selectClaimed(
    candidates: readonly EntryCandidate[],
    token: ObjectId,
  ): Promise<readonly EntryCandidate[]> {
    const ids = candidates.map(({ id }) => id);
    const found = this.#entries.find({ "_id": { $in: ids }, "claim.token": token }, {
      projection: { _id: 1 },
    });
    const claimed = new Set(await found.map(({ _id }) => String(_id)).toArray());
    return candidates.filter(({ id }) => claimed.has(String(id)));
  }
}

/**
 * Matches entries whose lease has run out. Lists are left to the look for faulty entries: without an
 * index the server cannot sort at all if one document has lists both as lease and as timestamp.
 */
function dueAt(now: number): Document {
  const noList = { $not: { $type: "array" } };
  return { "claim": noList, "claim.until": { $lte: now, ...noList } };
}

/** Matches entries that are not finished, whatever else `processed` is. */
const NOT_FINISHED = { $or: [{ processed: { $ne: true } }, { processed: { $type: "array" } }] };

/** The update that ends an entry which cannot be claimed. */
function endByName({ _id, reason }: FaultyEntry): Update {
  return {
    filter: { _id: { $eq: _id }, ...NOT_FINISHED },
    update: settleUpdate({ attempts: 1 }, { state: "ERROR", reason }),
  };
}

/** The update that ends all entries of which none can be claimed: filters cannot name some. */
const END_OF_UNNAMED: Update = {
  filter: { _id: { $not: { $type: "objectId" } }, processed: { $ne: true } },
  update: settleUpdate({ attempts: 1 }, { state: "ERROR", reason: "_id is not an ObjectId" }),
};

/** Entries that were never claimed, or the one that came due first if it is older than they are. */
function oldestFirst(candidates: readonly EntryCandidate[]): readonly EntryCandidate[] {
  const [first, second] = candidates;
  if (first?.lease.until === undefined) return candidates;
  const dueIsOlder = second === undefined || timeOf(first) <= timeOf(second);
  return dueIsOlder ? [first] : candidates.slice(1);
}

/** The entry's timestamp; an entry without one comes first. */
function timeOf({ fields: { timestamp } }: EntryCandidate): number {
  return typeof timestamp === "number" || typeof timestamp === "bigint"
    ? Number(timestamp)
    : -Infinity;
}
