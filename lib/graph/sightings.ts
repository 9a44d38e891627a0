import type { Category, Hash } from "../tahoe/instance.ts";

/** What the events that hold any instance of a group come to; each event counts once. */
export type Sightings = {
  /** Those of the group that the events hold, each once, in the group's order. */
  readonly held: readonly Hash[];
  readonly events: number;
  /** Number of these events by category. */
  readonly benign: number;
  readonly malicious: number;
  readonly unknown: number;
  /** Times of the oldest and the newest event, in seconds since 1970, UTC; null if there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Organisations that reported the events, sorted. */
  readonly orgids: readonly string[];
};

/** The same for the events of one organisation and category, of which there is at least one. */
export type SightingsPart = {
  readonly orgid: string;
  readonly category: Category;
  readonly events: number;
  readonly first: number;
  readonly last: number;
};

/** Adds up parts that have no event in common; their events hold these instances. */
export function sumSightings(
  held: readonly Hash[],
  parts: readonly SightingsPart[],
): Sightings {
  return {
    held,
    events: countEvents(parts),
    benign: countEvents(parts.filter(({ category }) => category === "benign")),
    malicious: countEvents(parts.filter(({ category }) => category === "malicious")),
    unknown: countEvents(parts.filter(({ category }) => category === "unknown")),
    first: parts.length === 0 ? null : Math.min(...parts.map(({ first }) => first)),
    last: parts.length === 0 ? null : Math.max(...parts.map(({ last }) => last)),
    orgids: [...new Set(parts.map(({ orgid }) => orgid))].sort(),
  };
}

function countEvents(parts: readonly SightingsPart[]): number {
  return parts.reduce((sum, { events }) => sum + events, 0);
}
