import type { Hash, Instance, Raw } from "../../tahoe/instance.ts";
import type { Damaged, InstanceStore } from "../../tahoe/instances.ts";
import type { Filters } from "../filter_uploads.ts";
import { makersOf, splitTops, type Top } from "./leaving.ts";
import { refsOf, withoutRefs, withoutSources } from "./raw_after.ts";
import { type AnySource, type Selection, splitSources } from "./selection.ts";

/** What leaves one Raw. */
export type Part = {
  readonly raw: Raw;
  /** The Raw as it becomes; undefined if it goes. */
  readonly after: Raw | undefined;
  readonly leaving: readonly Top[];
  /** Events and sessions that the Raw goes on referring to, if it stays. */
  readonly staying: readonly Top[];
  readonly gone: readonly AnySource[];
  /** Kept sources that events may come from. */
  readonly makers: readonly AnySource[];
  /** Hashes of what the Raw refers to and nobody can read: it stays. */
  readonly damaged: readonly Hash[];
  /** False if more is to leave the Raw before its sources go. */
  readonly isLast: boolean;
};

type PartOptions = {
  readonly selection: Selection;
  readonly filters: Filters;
  /** Events and sessions to take out at most. */
  readonly most: number;
};

/** References of a Raw that are looked up at once. */
const REFS_AT_ONCE = 20_000;

/** What leaves a Raw; undefined if nothing of it is selected. */
export async function partOf(
  store: Pick<InstanceStore, "get">,
  raw: Raw,
  { selection, filters, most }: PartOptions,
): Promise<Part | undefined> {
  const sources = splitSources(raw, selection);
  const { gone, kept } = sources;
  if (gone.length === 0) return undefined;
  if (kept.length === 0) return { ...await wholePart(store, raw, most), gone };
  const damaged: Hash[] = [];
  const instances = await store.get(raw._ref ?? [], ({ hash }) => damaged.push(hash));
  const tops = instances.filter(isTop);
  const makers = makersOf(sources, tops);
  const split = splitTops(raw, tops, { gone, makers, filters });
  const leaving = split.leaving.slice(0, most);
  const isLast = leaving.length === split.leaving.length;
  const staying = [...split.staying, ...split.leaving.slice(leaving.length)];
  const present = new Set([...instances.map(({ _hash }) => _hash), ...damaged]);
  const fewer = withoutRefs(raw, { leaving, staying, present });
  const after = isLast ? withoutSources(fewer, sources, makers.length > 0) : fewer;
  return { raw, after, leaving, staying, gone, makers, damaged, isLast };
}

/**
 * Part of a Raw that goes: its first events and sessions, `most` or some more. It looks no further
 * than these, so that all parts together cost a look at each reference.
 */
async function wholePart(
  store: Pick<InstanceStore, "get">,
  raw: Raw,
  most: number,
): Promise<Omit<Part, "gone">> {
  const refs = raw._ref ?? [];
  const leaving: Top[] = [];
  const damaged: Hash[] = [];
  const noteDamaged = ({ hash }: Damaged) => damaged.push(hash);
  let looked = 0;
  while (looked < refs.length && leaving.length < most) {
    const some = refs.slice(looked, looked + Math.min(REFS_AT_ONCE, 4 * most));
    for (const top of (await store.get(some, noteDamaged)).filter(isTop)) leaving.push(top);
    looked += some.length;
  }
  const isLast = looked === refs.length;
  const left = new Set(isLast ? [] : leaving.flatMap(refsOf));
  const after = isLast ? undefined : { ...raw, _ref: refs.filter((hash) => !left.has(hash)) };
  return { raw, after, leaving, staying: [], makers: [], damaged, isLast };
}

function isTop(instance: Instance): instance is Top {
  return instance.itype === "event" || instance.itype === "session";
}
