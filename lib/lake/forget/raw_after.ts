import type { Hash, Raw, Source } from "../../tahoe/instance.ts";
import type { SplitTops, Top } from "./leaving.ts";
import { type AnySource, sourcesOf, type SplitSources } from "./selection.ts";

/** A Raw without the references that leave it. `present` are those that refer to something. */
export function withoutRefs(
  raw: Raw,
  { leaving, staying, present }: SplitTops & { readonly present: ReadonlySet<Hash> },
): Raw {
  if (raw._ref === undefined) return raw;
  const stays = new Set(staying.flatMap(refsOf));
  const leaves = new Set(leaving.flatMap(refsOf));
  return {
    ...raw,
    _ref: raw._ref.filter((hash) => present.has(hash) && (stays.has(hash) || !leaves.has(hash))),
  };
}

/** What a Raw refers to for the sake of an event or a session. */
export function refsOf(top: Top): readonly Hash[] {
  return top.itype === "event" ? [top._hash, ...top._ref] : [top._hash];
}

/**
 * A Raw without its gone sources, as it would be had they never sent it; undefined if nobody else
 * did. `makes`: whether a kept source made events. Organisation and time zone are those of the first source that is kept.
 */
export function withoutSources(
  raw: Raw,
  { gone, kept }: SplitSources,
  makes: boolean,
): Raw | undefined {
  const [first] = kept;
  if (first === undefined) return undefined;
  const { _ref, filters, _valid, _sources: _, ...rest } = raw;
  const isFirstGone = gone.includes(sourcesOf(raw).find(({ orgid }) => orgid === raw.orgid)!);
  const _sources = kept.filter(isTimed);
  return {
    ...rest,
    ...(isFirstGone && { orgid: first.orgid, timezone: first.timezone }),
    ...(makes && _ref !== undefined && { _ref }),
    ...(makes && filters !== undefined && { filters }),
    ...(_valid !== undefined && (makes || kept.some(isInvalid)) && { _valid }),
    ...(_sources.length > 0 && { _sources }),
  };
}

function isTimed(source: AnySource): source is Source {
  return source.timestamp !== undefined;
}

function isInvalid({ events, reason = "" }: AnySource): boolean {
  return events === "rejected" && reason.startsWith("EVENTS_INVALID");
}
