import type { EdgeEvent, Edges, InstanceName } from "../../lib/graph/edges.ts";
import type { Hash } from "../../lib/tahoe/instance.ts";
import type { World } from "./world.ts";

/** Edges of a world in memory, which yield a few events at a time. */
export class MemoryEdges implements Edges {
  readonly #world: World;
  readonly #batchSize: number;
  readonly #byHash: ReadonlyMap<Hash, World["events"][number]>;
  readonly #holders = new Map<Hash, World["events"][number][]>();

  constructor(world: World, batchSize = 3) {
    this.#world = world;
    this.#batchSize = batchSize;
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
    return Promise.resolve(found && isVisible(found, orgids) ? found : undefined);
  }

  async *holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
    known: { has(event: Hash): boolean },
  ): AsyncIterable<readonly EdgeEvent[]> {
    const found = new Set(attributes.flatMap((hash) => this.#holders.get(hash) ?? []));
    const events = [...found].filter((event) => isVisible(event, orgids) && !known.has(event.hash));
    for (let i = 0; i < events.length; i += this.#batchSize) {
      yield events.slice(i, i + this.#batchSize);
    }
  }

  objectsAmong(hashes: readonly Hash[]): Promise<readonly Hash[]> {
    return Promise.resolve(hashes.filter((hash) => this.#world.objects.has(hash)));
  }

  names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>> {
    const label = (hash: Hash) => this.#byHash.has(hash) ? "sighting=event" : "ipv4=attribute";
    return Promise.resolve(new Map(hashes.map((hash) => [hash, { label: label(hash) }])));
  }
}

function isVisible(event: World["events"][number], orgids: readonly string[]): boolean {
  return orgids.includes(event.orgid) && Number.isFinite(event.timestamp);
}
