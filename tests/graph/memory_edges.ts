import type { EdgeEvent, Edges, InstanceName } from "../../lib/graph/edges.ts";
import type { Hash } from "../../lib/tahoe/instance.ts";
import type { World } from "./world.ts";

/** A world as ThreatRank asks for it, a few events at a time. */
export class MemoryEdges implements Edges {
  readonly #world: World;
  readonly #batch: number;
  readonly #byHash: ReadonlyMap<Hash, World["events"][number]>;
  readonly #holders = new Map<Hash, World["events"][number][]>();

  constructor(world: World, batch = 3) {
    this.#world = world;
    this.#batch = batch;
    this.#byHash = new Map(world.events.map((event) => [event.hash, event]));
    for (const event of world.events) {
      for (const hash of event.references) {
        if (!this.#holders.has(hash)) this.#holders.set(hash, []);
        this.#holders.get(hash)!.push(event);
      }
    }
  }

  event(hash: Hash, orgids: readonly string[]): Promise<EdgeEvent | undefined> {
    const found = this.#byHash.get(hash);
    return Promise.resolve(found && isSeen(found, orgids) ? found : undefined);
  }

  async *holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
    known: { has(event: Hash): boolean },
  ): AsyncIterable<readonly EdgeEvent[]> {
    const found = new Set(attributes.flatMap((hash) => this.#holders.get(hash) ?? []));
    const events = [...found].filter((event) => isSeen(event, orgids) && !known.has(event.hash));
    for (let i = 0; i < events.length; i += this.#batch) yield events.slice(i, i + this.#batch);
  }

  objects(hashes: readonly Hash[]): Promise<readonly Hash[]> {
    return Promise.resolve(hashes.filter((hash) => this.#world.objects.has(hash)));
  }

  names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>> {
    const label = (hash: Hash) => this.#byHash.has(hash) ? "sighting=event" : "ipv4=attribute";
    return Promise.resolve(new Map(hashes.map((hash) => [hash, { label: label(hash) }])));
  }
}

function isSeen(event: World["events"][number], orgids: readonly string[]): boolean {
  return orgids.includes(event.orgid) && Number.isFinite(event.timestamp);
}
