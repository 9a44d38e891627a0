import { deepEqual, equal } from "../assert.ts";
import { RankMemory } from "../../lib/graph/rank_memory.ts";
import type { ResidentRanks } from "../../lib/graph/resident_ranks.ts";
import type { ThreatRank, ThreatRankLimits } from "../../lib/graph/threatrank.ts";
import { GENEROUS } from "./threatrank_assertions.ts";
import { NOW } from "./world.ts";

const QUESTION = { orgids: ["org"], now: NOW, evidence: true, limits: GENEROUS };
const WHOLE: ThreatRank = { rank: -0.5, flags: ["evidence_cut"], paths: [] };
const CUT: ThreatRank = { rank: -0.1, flags: ["truncated"], paths: [] };
const KEPT: ThreatRank = { rank: -0.25, flags: [], paths: [] };

/** Ranks that answer once they are built. */
class FakeRanks {
  builds = 0;
  canBuild = true;

  build = () => {
    this.builds++;
    return Promise.resolve();
  };

  rank() {
    return Promise.resolve(this.builds > 0 && this.canBuild ? { found: KEPT } : undefined);
  }
}

function memoryOf(ranks: FakeRanks, build?: () => Promise<unknown>): RankMemory {
  return new RankMemory(ranks as unknown as ResidentRanks, build);
}

/** Loads neighbourhoods of a number of events; notes the limits. */
function loader(events: number, seen: number[] = []) {
  return ({ maxEvents }: ThreatRankLimits) => {
    seen.push(maxEvents);
    return Promise.resolve(events > maxEvents ? CUT : WHOLE);
  };
}

Deno.test("RankMemory loads small neighbourhoods, and reads the graph for a large one", async () => {
  const ranks = new FakeRanks();
  const memory = memoryOf(ranks, ranks.build);
  deepEqual(await memory.rank("e", QUESTION, loader(100)), WHOLE);
  equal(ranks.builds, 0);
  deepEqual(await memory.rank("e", QUESTION, loader(100_000)), KEPT);
  deepEqual(await memory.rank("e", QUESTION, loader(100)), KEPT);
  equal(ranks.builds, 1);
});

Deno.test("RankMemory reads the graph after two seconds of loading", async () => {
  const ranks = new FakeRanks();
  const memory = memoryOf(ranks, ranks.build);
  const slow = async (limits: ThreatRankLimits) => {
    await new Promise((resolve) => setTimeout(resolve, 2001));
    return await loader(100)(limits);
  };
  deepEqual(await memory.rank("e", QUESTION, slow), WHOLE);
  deepEqual(await memory.rank("e", QUESTION, loader(100)), KEPT);
});

Deno.test("RankMemory loads within all limits where no graph can be kept", async () => {
  const ranks = new FakeRanks();
  ranks.canBuild = false;
  const memory = memoryOf(ranks, ranks.build);
  const seen: number[] = [];
  deepEqual(await memory.rank("e", QUESTION, loader(100_000, seen)), WHOLE);
  deepEqual(await memory.rank("e", QUESTION, loader(100_000, seen)), WHOLE);
  deepEqual(seen, [3000, GENEROUS.maxEvents, GENEROUS.maxEvents]);
  equal(ranks.builds, 1);
});

Deno.test("RankMemory of a service loads until the graph is read", async () => {
  const ranks = new FakeRanks();
  const memory = memoryOf(ranks);
  deepEqual(await memory.rank("e", QUESTION, loader(100)), WHOLE);
  await ranks.build();
  deepEqual(await memory.rank("e", QUESTION, loader(100)), KEPT);
});
