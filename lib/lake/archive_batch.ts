import pLimit from "p-limit";
import { Rejected } from "../errors.ts";
import { type Mode, openWithAny } from "../envelope/open.ts";
import type { PrivateKeys } from "../envelope/key.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { type Entry, readEntry } from "./entry.ts";
import { type Filters, type ParsedUpload, readEvents } from "./events.ts";
import type { CacheLake, Claim, Outcome } from "./lake.ts";
import { isSupported, parsePlaintext } from "./parse.ts";
import { type Stored, storeUploads } from "./store_uploads.ts";

/**
 * Envelopes opened at once, in all batches: enough to keep every core at RSA, and not so many that
 * this thread and the database wait for a core. All 192 at once made claims five times as slow.
 */
const opening = pLimit(8 * navigator.hardwareConcurrency);

export type ArchiveOptions = {
  readonly lake: CacheLake;
  readonly archive: InstanceStore;
  readonly keys: PrivateKeys;
  /** The mode to try first. */
  readonly first: Mode;
  /** Typetags beside the built-in ones; `"*"` takes all. */
  readonly typetags: readonly string[];
  readonly filters: Filters;
  /** Larger envelopes are refused. In bytes. */
  readonly maxBytes: number;
  /** Claims of one entry after which it is given up. */
  readonly maxAttempts: number;
  /** Seconds to wait before an entry that failed `attempts` times is tried again. */
  readonly retryAfter: (attempts: number) => number;
  /** Seconds since 1970. */
  readonly now: () => number;
};

type Read = { readonly claim: Claim; readonly file: Uint8Array | Rejected };
type Settled = {
  readonly claim: Claim;
  readonly outcome: Outcome;
  /** What was thrown; its `cause` may say more than the outcome is meant to, for the log. */
  readonly error?: unknown;
  /** What became of the data, if it was stored. */
  readonly stored?: Stored;
};
type Parsed = { readonly claim: Claim; readonly sending: ParsedUpload };

/** How one claimed entry ended, as the lake was told; `lost` if the claim was no longer ours. */
export type ClaimOutcome = Settled & { readonly lost: boolean };

/**
 * Takes claimed entries from envelope to Raw and events: opens and parses them, stores Raws and
 * events, and only then settles the entries. What fails for reasons of ours goes back into the lake.
 * Yields the ends group by group, as the lake gives the files out.
 */
export async function* archiveBatch(
  claims: readonly Claim[],
  options: ArchiveOptions,
): AsyncIterable<readonly ClaimOutcome[]> {
  const worn = claims.filter((claim) => claim.attempts > options.maxAttempts);
  if (worn.length > 0) {
    yield await settle(worn.map((claim) => givenUp(claim, options)), options);
  }
  const fresh = claims.filter((claim) => claim.attempts <= options.maxAttempts);
  for await (const group of options.lake.read(fresh, options.maxBytes)) {
    const read = await Promise.all(group.map((each) => parse(each, options)));
    const ended = read.filter((one) => "outcome" in one);
    const stored = await store(read.filter((one) => "sending" in one), options);
    yield await settle([...ended, ...stored], options);
  }
}

// The last worker to try it did not live to say why it failed, or could not store the Raw.
function givenUp(claim: Claim, { maxAttempts }: ArchiveOptions): Settled {
  const reason = `Given up after ${maxAttempts} attempts: ${claim.reason ?? "the worker died"}`;
  return { claim, outcome: { state: "ERROR", reason } };
}

async function parse({ claim, file }: Read, options: ArchiveOptions): Promise<Parsed | Settled> {
  try {
    if (file instanceof Rejected) throw file;
    const entry = readEntry(claim.entry);
    if (!isSupported(entry.typetag, options.typetags)) {
      return { claim, outcome: notSupported(entry) };
    }
    const { keys, first } = options;
    const text = await opening(() => openWithAny(file, keys, { first }));
    const { typetag, orgid, timezone, timestamp } = entry;
    const raw = parsePlaintext(typetag, orgid, timezone, text);
    return { claim, sending: { raw, source: { orgid, timezone, timestamp } } };
  } catch (error) {
    return failed(claim, error, options);
  }
}

function notSupported({ typetag }: Entry): Outcome {
  const reason = `Typetag ${typetag} is not supported. Add it to archive.typetags, then replay`;
  return { state: "NOT_SUPPORTED", reason };
}

function failed(claim: Claim, error: unknown, options: ArchiveOptions): Settled {
  if (error instanceof Rejected) {
    const badData = error.code === "FILE_MISSING" || error.code === "FILE_CORRUPT";
    const reason = `${error.code}: ${error.message}`;
    return { claim, outcome: { state: "ERROR", reason, ...(badData && { badData }) }, error };
  }
  if (claim.attempts >= options.maxAttempts) {
    const reason = `Given up after ${claim.attempts} attempts: ${error}`;
    return { claim, outcome: { state: "ERROR", reason }, error };
  }
  const notBefore = options.now() + options.retryAfter(claim.attempts);
  return { claim, outcome: { state: "RETRY", reason: String(error), notBefore }, error };
}

/** Makes events and stores all; an error that is none of the data's own is every claim's. */
async function store(parsed: readonly Parsed[], options: ArchiveOptions): Promise<Settled[]> {
  try {
    const understood = await readEvents(parsed.map(({ sending }) => sending), options);
    const results = await storeUploads(understood, options.archive);
    return parsed.map(({ claim }, index) => {
      const result = results[index]!;
      return result instanceof Rejected ? failed(claim, result, options) : succeeded(claim, result);
    });
  } catch (error) {
    return parsed.map(({ claim }) => failed(claim, error, options));
  }
}

function succeeded(claim: Claim, stored: Stored): Settled {
  const { ref, reason, error } = stored;
  const rejected = reason !== undefined && { events: "rejected" as const, reason };
  return { claim, outcome: { state: "SUCCESS", ref, ...rejected }, stored, error };
}

async function settle(ends: readonly Settled[], { lake }: ArchiveOptions): Promise<ClaimOutcome[]> {
  if (ends.length === 0) return [];
  const lost = new Set(await lake.settle(ends));
  return ends.map((end) => ({ ...end, lost: lost.has(end.claim.id) }));
}
