import type { Hash, Raw, Source } from "../../tahoe/instance.ts";

/** Which uploads to forget: those that meet every condition given. */
export type Selection = {
  readonly typetag?: string;
  readonly orgids?: readonly string[];
  /** Sent at or after `since`, and before `before`: seconds since 1970. */
  readonly since?: number;
  readonly before?: number;
  /** These Raws only; of each only these uploads, or `"all"`. */
  readonly uploads?: ReadonlyMap<Hash, readonly SentUpload[] | "all">;
};

/** An upload as its entry in the lake names it. */
export type SentUpload = { readonly orgid: string; readonly timestamp: number | null };

/** A source of a Raw. A Raw of the existing system does not say when it was first sent. */
export type AnySource = Omit<Source, "timestamp"> & { readonly timestamp?: number };

/** The sources of a Raw that go and those that stay. */
export type SplitSources = {
  readonly gone: readonly AnySource[];
  readonly kept: readonly AnySource[];
  /** Sources that stay because nobody knows whether they were sent in the time selected. */
  readonly untimed: number;
};

/** Splits the sources of a Raw into those selected and the others. */
export function splitSources(raw: Raw, selection: Selection): SplitSources {
  const sources = sourcesOf(raw);
  const matching = sources.filter((source) => matches(raw, source, selection));
  const { since = -Infinity, before = Infinity } = selection;
  const isTimed = since > -Infinity || before < Infinity;
  const gone = matching.filter(({ timestamp }) =>
    !isTimed || (timestamp !== undefined && timestamp >= since && timestamp < before)
  );
  const untimed = isTimed ? matching.filter(({ timestamp }) => timestamp === undefined).length : 0;
  return { gone, kept: sources.filter((source) => !gone.includes(source)), untimed };
}

/** The sources that a Raw names; before them its first one, if the existing system stored it. */
export function sourcesOf({ _sources = [], orgid, timezone }: Raw): readonly AnySource[] {
  const namesFirst = _sources.some((source) => source.orgid === orgid);
  return namesFirst ? _sources : [{ orgid, timezone }, ..._sources];
}

function matches(raw: Raw, source: AnySource, { typetag, orgids, uploads }: Selection): boolean {
  if (typetag !== undefined && raw.sub_type !== typetag) return false;
  if (orgids !== undefined && !orgids.includes(source.orgid)) return false;
  if (uploads === undefined) return true;
  const sent = uploads.get(raw._hash) ?? [];
  return sent === "all" || sent.some((upload) => isSame(upload, source));
}

function isSame(upload: SentUpload, source: AnySource): boolean {
  return upload.orgid === source.orgid &&
    (source.timestamp === undefined || source.timestamp === upload.timestamp);
}
