import type { EventFilter, HolderFilter } from "../../../lib/graph/graph.ts";
import type { Event, Hash, Instance, Session } from "../../../lib/tahoe/instance.ts";

/** All instances of an archive, each once. */
export type Archive = readonly Instance[];

/** Returns the archive as if it contained only what the organisations may see. */
export function visiblePart(archive: Archive, orgids: readonly string[]): Instance[] {
  const events = archive.filter((each) => each.itype === "event" && orgids.includes(each.orgid));
  const hidden = new Set(eventsOf(archive).filter((each) => !events.includes(each)).map(hashOf));
  const sessions = archive.filter((each) => each.itype === "session")
    .map((each) => ({ ...each, _ref: each._ref.filter((hash) => !hidden.has(hash)) }))
    .filter((each) => events.some((event) => each._ref.includes(event._hash)));
  const held = new Set([...eventsOf(events), ...sessions].flatMap(({ _ref }) => _ref));
  const members = archive.filter(({ itype, _hash }) =>
    (itype === "attribute" || itype === "object") && held.has(_hash)
  );
  return [...members, ...events, ...sessions];
}

/** Returns the events that a question matches, newest first, then by hash. */
export function matchingEvents(
  archive: Archive,
  { hashes, context }: HolderFilter,
  filter: EventFilter,
): Event[] {
  return selectEvents(archive, filter)
    .filter(({ _ref, _ben_ref, _mal_ref }) =>
      hashes.some((hash) => {
        const [benign, malicious] = [_ben_ref.includes(hash), _mal_ref.includes(hash)];
        if (context === "benign") return benign;
        if (context === "malicious") return malicious;
        return _ref.includes(hash) && (context === "all" || (!benign && !malicious));
      })
    )
    .sort((a, b) => b.timestamp - a.timestamp || (a._hash < b._hash ? -1 : 1));
}

/** Returns everything that is related to the events of one page, by the words of the contract. */
export function reachedFrom(
  archive: Archive,
  page: readonly Event[],
  { filter, level }: { readonly filter: EventFilter; readonly level: number },
): Instance[] {
  const visible = new Set(
    eventsOf(archive).filter(({ orgid }) => filter.orgids.includes(orgid)).map(hashOf),
  );
  const selected = selectEvents(archive, filter);
  const sessions = new Set<Session>();
  let events = new Set(page);
  for (let step = 1; step < level; step++) {
    for (const each of archive) {
      if (each.itype !== "session") continue;
      if ([...events].some((event) => each._ref.includes(event._hash))) sessions.add(each);
    }
    const inside = [...sessions].flatMap(({ _ref }) => _ref);
    events = new Set([...events, ...selected.filter(({ _hash }) => inside.includes(_hash))]);
  }
  const held = [...events].flatMap(({ _ref }) => _ref);
  const members = archive.filter(({ itype, _hash }) =>
    (itype === "attribute" || itype === "object") && held.includes(_hash)
  );
  const restricted = [...sessions].map((session) => ({
    ...session,
    _ref: session._ref.filter((hash) => session._cref.includes(hash) || visible.has(hash)),
  }));
  return [...members, ...events, ...restricted];
}

/** Counts the nodes on the shortest path to a start, both ends included; relaxes every edge. */
export function pathLengths(
  reached: readonly Instance[],
  starts: readonly Hash[],
): Map<Hash, number> {
  const lengths = new Map(starts.map((start) => [start, 1]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [from, to] of edgesOf(reached)) {
      const length = (lengths.get(from) ?? Infinity) + 1;
      if (length >= (lengths.get(to) ?? Infinity)) continue;
      lengths.set(to, length);
      changed = true;
    }
  }
  return lengths;
}

/** True if nodes with these labels make up a path from a node to one of others. */
export function isPath(
  reached: readonly Instance[],
  labels: readonly string[],
  { from, to }: { readonly from: Hash; readonly to: readonly Hash[] },
): boolean {
  const labelled = (label: string) =>
    reached.filter(({ sub_type, itype }) => label === `${sub_type}=${itype}`).map(hashOf);
  let nodes = labelled(labels[0]!).filter((hash) => hash === from);
  for (const label of labels.slice(1)) {
    const allowed = labelled(label);
    nodes = edgesOf(reached).filter(([start, end]) =>
      nodes.includes(start) && allowed.includes(end)
    )
      .map(([, end]) => end);
  }
  return nodes.some((node) => to.includes(node));
}

/** Returns each edge in both directions: from instance to child, from session to event. */
function edgesOf(reached: readonly Instance[]): [Hash, Hash][] {
  const hashes = reached.map(hashOf);
  const events = eventsOf(reached).map(hashOf);
  const edges: [Hash, Hash][] = [];
  for (const each of reached) {
    const ends = "_cref" in each ? [...each._cref] : [];
    if (each.itype === "session") ends.push(...each._ref.filter((hash) => events.includes(hash)));
    for (const end of ends.filter((hash) => hashes.includes(hash))) {
      edges.push([each._hash, end], [end, each._hash]);
    }
  }
  return edges;
}

function selectEvents(archive: Archive, { orgids, start, end, category }: EventFilter): Event[] {
  return eventsOf(archive).filter((event) =>
    orgids.includes(event.orgid) && Number.isFinite(event.timestamp) &&
    event.timestamp >= start && event.timestamp <= end &&
    (category === "all" || event.category === category)
  );
}

function eventsOf(archive: Archive): Event[] {
  return archive.filter((each) => each.itype === "event");
}

function hashOf({ _hash }: Instance): Hash {
  return _hash;
}
