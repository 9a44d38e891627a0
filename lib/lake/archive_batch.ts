import pLimit from "p-limit";
import { Rejected } from "../errors.ts";
import { type Mode, openBytesWithAny } from "../envelope/open.ts";
import type { PrivateKeys } from "../envelope/key.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { FilterResult } from "../typetags/filter.ts";
import type { Aliases } from "../aliases.ts";
import { decodeUpload } from "./decode.ts";
import { type Entry, readEntry } from "./entry.ts";
import {
  type FilteredUpload,
  type Filters,
  filterUploads,
  rejectionReason,
} from "./filter_uploads.ts";
import { earlierRefs, keptRaw } from "./kept_raw.ts";
import type { CacheLake, Claim, Outcome } from "./lake.ts";
import { isSupported, type ParsedUpload, parsePlaintext } from "./parse.ts";
import { storeUploads } from "./store_uploads.ts";
import { suggestTypetag } from "./suggest_typetag.ts";
import { isCompressed } from "../text/utf8_stream.ts";

/**
 * Opens envelopes of all batches, so many at once: enough to keep every core at RSA, and few enough
 * that this thread and the database get a core. All 192 at once made claims five times as slow;
 * on two busy cores 6 at once archive 7 % more with MongoDB than 16.
 */
const opening = pLimit(3 * navigator.hardwareConcurrency);

export type ArchiveOptions = {
  readonly lake: CacheLake;
  readonly archive: InstanceStore;
  readonly keys: PrivateKeys;
  /** The mode to try first. */
  readonly first: Mode;
  /** Typetags beside the built-in ones; `"*"` takes all. */
  readonly typetags: readonly string[];
  /** Typetags that are archived as others; none if missing. */
  readonly aliases?: Aliases;
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

type RetryPolicy = Pick<ArchiveOptions, "maxAttempts" | "retryAfter" | "now">;

/** A claim with the outcome that the lake is to note. */
type Ended = {
  readonly claim: Claim;
  readonly outcome: Outcome;
  /** What was thrown, for the log: its `cause` may say more than the outcome should. */
  readonly error?: unknown;
  readonly filtered?: FilterResult;
  /** Set if it could not be archived again, and keeps the Raw that an earlier run stored. */
  readonly kept?: true;
};
/** A claim whose envelope was opened. */
type Opened = { readonly claim: Claim; readonly entry: Entry; readonly plaintext: Uint8Array };
type Parsed = { readonly claim: Claim; readonly upload: ParsedUpload };

/** How one claimed entry ended; `lost` if the claim had lost its lease, so that nothing was noted. */
export type ClaimOutcome = Ended & { readonly lost: boolean };

/**
 * Takes claimed entries from envelope to Raw and events: opens and parses them, stores Raws and
 * events, and only then settles the entries. Entries that fail through no fault of their data go
 * back into the lake. Yields the outcomes in the groups in which the lake reads the files.
 */
export async function* archiveBatch(
  claims: readonly Claim[],
  options: ArchiveOptions,
): AsyncIterable<readonly ClaimOutcome[]> {
  const { lake, archive, maxBytes, maxAttempts } = options;
  const wornOut = claims.filter(({ attempts }) => attempts > maxAttempts);
  if (wornOut.length > 0) {
    const givenUp = wornOut.map((claim) => giveUp(claim, options));
    yield await settle(await keepRaws(givenUp, archive), lake);
  }
  const fresh = claims.filter(({ attempts }) => attempts <= maxAttempts);
  for await (const group of lake.read(fresh, maxBytes)) {
    const opened = await Promise.all(group.map((each) => openUpload(each, options)));
    for (const part of partsByMemory(opened)) {
      const read = await Promise.all(part.map((one) => parseOpened(one, options)));
      const ended = read.filter((one) => "outcome" in one);
      const stored = await storeParsed(read.filter((one) => "upload" in one), options);
      yield await settle(await keepRaws([...ended, ...stored], archive), lake);
    }
  }
}

/** All that is plain text at once, and each compressed upload, which may be far larger, alone. */
function* partsByMemory(
  opened: readonly (Opened | Ended)[],
): Iterable<readonly (Opened | Ended)[]> {
  const isLarge = (one: Opened | Ended) => "plaintext" in one && isCompressed(one.plaintext);
  const plain = opened.filter((one) => !isLarge(one));
  if (plain.length > 0) yield plain;
  for (const one of opened.filter(isLarge)) yield [one];
}

/** The last worker died before it could say why it failed, or could not store the Raw. */
function giveUp(claim: Claim, { maxAttempts }: RetryPolicy): Ended {
  const reason = `Given up after ${maxAttempts} attempts: ${claim.reason ?? "the worker died"}`;
  return { claim, outcome: { state: "ERROR", reason } };
}

async function openUpload(
  { claim, file }: { readonly claim: Claim; readonly file: Uint8Array | Rejected },
  options: Pick<ArchiveOptions, "keys" | "first" | "typetags" | "aliases"> & RetryPolicy,
): Promise<Opened | Ended> {
  try {
    if (file instanceof Rejected) throw file;
    const entry = readEntry(claim.entry, options.aliases);
    const { keys, first, typetags } = options;
    if (!isSupported(entry.typetag, typetags)) {
      return { claim, outcome: notSupported(entry.typetag, options) };
    }
    const plaintext = await opening(() => openBytesWithAny(file, keys, { first }));
    return { claim, entry, plaintext };
  } catch (error) {
    return fail(claim, error, options);
  }
}

async function parseOpened(
  opened: Opened | Ended,
  options: Pick<ArchiveOptions, "maxBytes"> & RetryPolicy,
): Promise<Parsed | Ended> {
  if ("outcome" in opened) return opened;
  const { claim, entry, plaintext } = opened;
  try {
    const { orgid, timezone, timestamp, typetag } = entry;
    const { maxBytes } = options;
    const { text, skipped } = await decodeUpload(plaintext, { typetag, maxBytes, isSealed: true });
    const raw = parsePlaintext(text, entry);
    return { claim, upload: { raw, source: { orgid, timezone, timestamp }, skipped } };
  } catch (error) {
    return fail(claim, error, options);
  }
}

function notSupported(
  typetag: string,
  { typetags, aliases = new Map() }: Pick<ArchiveOptions, "typetags" | "aliases">,
): Outcome {
  const meant = suggestTypetag(typetag, { typetags, aliases });
  const advice = meant === undefined
    ? "Add it to archive.typetags, then replay"
    : `Did you mean ${meant}? Add it to archive.aliases or archive.typetags, then replay`;
  const reason = `Typetag ${typetag} is not supported. ${advice}`;
  return { state: "NOT_SUPPORTED", reason };
}

function fail(claim: Claim, error: unknown, { maxAttempts, retryAfter, now }: RetryPolicy): Ended {
  if (error instanceof Rejected) {
    const badData = error.code === "FILE_MISSING" || error.code === "FILE_CORRUPT";
    const reason = rejectionReason(error);
    return { claim, outcome: { state: "ERROR", reason, ...(badData && { badData }) }, error };
  }
  if (claim.attempts >= maxAttempts) {
    const reason = `Given up after ${claim.attempts} attempts: ${error}`;
    return { claim, outcome: { state: "ERROR", reason }, error };
  }
  const notBefore = now() + retryAfter(claim.attempts);
  return { claim, outcome: { state: "RETRY", reason: String(error), notBefore }, error };
}

/** Makes events and stores all; an error that the data did not cause fails every claim of the batch. */
async function storeParsed(
  parsed: readonly Parsed[],
  options: Pick<ArchiveOptions, "archive" | "filters"> & RetryPolicy,
): Promise<Ended[]> {
  try {
    const filtered = await filterUploads(parsed.map(({ upload }) => upload), options);
    const results = await storeUploads(filtered, options.archive);
    return parsed.map(({ claim }, index) => {
      const result = results[index]!;
      return result instanceof Rejected ? fail(claim, result, options) : succeed(claim, result);
    });
  } catch (error) {
    return parsed.map(({ claim }) => fail(claim, error, options));
  }
}

function succeed(claim: Claim, { raw, filtered, error }: FilteredUpload): Ended {
  const ref = raw._hash;
  return {
    claim,
    outcome: error === undefined
      ? { state: "SUCCESS", ref }
      : { state: "SUCCESS", ref, events: "rejected", reason: rejectionReason(error) },
    error,
    ...(filtered !== undefined && { filtered }),
  };
}

/** Lets entries that failed for good keep the Raws that earlier runs stored. */
function keepRaws(
  ended: readonly Ended[],
  archive: Pick<InstanceStore, "get">,
): Promise<Ended[]> {
  return Promise.all(ended.map(async (one) => {
    const { claim, outcome } = one;
    const failed = outcome.state === "ERROR" || outcome.state === "NOT_SUPPORTED";
    if (!failed || earlierRefs(claim.entry).length === 0) return one;
    const kept = await keptRaw(claim, outcome, archive);
    return kept === undefined ? one : { ...one, outcome: kept, kept: true };
  }));
}

async function settle(
  ended: readonly Ended[],
  lake: Pick<CacheLake, "settle">,
): Promise<ClaimOutcome[]> {
  if (ended.length === 0) return [];
  const lost = new Set(await lake.settle(ended));
  return ended.map((one) => ({ ...one, lost: lost.has(one.claim.id) }));
}
