import type { Config } from "../../config.ts";
import { DamagedInstance, StoreUnavailable } from "../../errors.ts";
import { RankMemory } from "../../graph/rank_memory.ts";
import {
  type BuildResult,
  type ResidentOptions,
  ResidentRanks,
} from "../../graph/resident_ranks.ts";
import { log } from "../../log.ts";
import { sleep } from "../../sleep.ts";
import type { OpenStores } from "../context.ts";
import { type Progress, startProgress } from "../progress.ts";
import { graphMemory } from "./graph_memory.ts";

type EdgesOnly = Pick<OpenStores<"edges">, "edges">;

/** Milliseconds after which a bar shows how far the reading of the graph is. */
const SILENT_MS = 2000;

/** Milliseconds between two looks at what has been stored, so that a question finds little of it. */
const LOOK_INTERVAL_MS = 15_000;

/** The longest pause before the graph is read again, in milliseconds. */
const MAX_PAUSE_MS = 300_000;

/** Makes the memory of a command: it reads the graph once it is needed. */
export function commandMemory({ edges }: EdgesOnly, config: Config): RankMemory | undefined {
  const ranks = createRanks({ edges }, config, { followsChanges: false });
  return ranks && new RankMemory(ranks, async () => {
    const total = await edges.estimateSize();
    const start = performance.now();
    let read = 0;
    let progress: Progress | undefined;
    const result = await ranks.build((count) => {
      read += count;
      if (performance.now() - start < SILENT_MS) return;
      if (progress === undefined) (progress = startProgress("Reading the graph", total)).add(read);
      else progress.add(count);
    });
    progress?.stop();
    logBuild(result);
  });
}

/** The memory of a service, which keeps the graph up to date until it is disposed. */
export type ServiceMemory = AsyncDisposable & { readonly memory: RankMemory };

/** Makes the memory of a service; undefined if the store or the configuration has none. */
export function serviceMemory(
  { edges }: EdgesOnly,
  config: Config,
): ServiceMemory | undefined {
  const ranks = createRanks({ edges }, config, { followsChanges: true });
  if (ranks === undefined) return undefined;
  if (!edges.reportsChanges) {
    log.info("Each ThreatRank loads its neighbourhood: MongoDB is not a replica set");
    return undefined;
  }
  const stop = new AbortController();
  const kept = keep(ranks, stop.signal);
  return {
    memory: new RankMemory(ranks),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await kept;
      await ranks.close();
    },
  };
}

function createRanks(
  { edges }: EdgesOnly,
  config: Config,
  { followsChanges }: Pick<ResidentOptions, "followsChanges">,
): ResidentRanks | undefined {
  const maxBytes = graphMemory(config);
  return maxBytes === 0
    ? undefined
    : new ResidentRanks(edges, { decay: config.report.decay, maxBytes, followsChanges });
}

/** Reads the graph, again after each change that makes it necessary, until the signal aborts. */
async function keep(ranks: ResidentRanks, signal: AbortSignal): Promise<void> {
  let pause = 0;
  while (!signal.aborted) {
    try {
      if (ranks.isReady) await ranks.catchUp();
      else {
        const result = await ranks.build(() => signal.throwIfAborted());
        logBuild(result);
        // The graph only grows: the next attempt would fail as well.
        if (result.fault === "too_large") return;
        // Edits may go on: most of the time is left to other work.
        pause = result.fault instanceof DamagedInstance
          ? MAX_PAUSE_MS
          : Math.min(5000 * result.seconds, MAX_PAUSE_MS);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof StoreUnavailable) log.warn(error.message);
      else log.error("Cannot read the graph; each ThreatRank loads its neighbourhood", { error });
      pause = error instanceof StoreUnavailable ? LOOK_INTERVAL_MS : MAX_PAUSE_MS;
    }
    await sleep(ranks.isReady ? LOOK_INTERVAL_MS : pause, signal);
  }
}

function logBuild({ fault, events, bytes, seconds }: BuildResult): void {
  const fields = { events, mebibytes: Math.ceil(bytes / 1024 ** 2), seconds: seconds.toFixed(1) };
  if (fault === undefined) log.info("Graph read for ThreatRanks", fields);
  else if (fault === "changed") log.info("Graph changed while it was read", fields);
  else if (fault instanceof DamagedInstance) {
    log.warn(
      "Cannot keep the graph, so each ThreatRank loads its neighbourhood: " +
        `${fault.message}. Import it again, or remove it`,
      fields,
    );
  } else {
    log.warn(
      "Cannot keep the graph: report.graph_memory is too small. Each ThreatRank loads its " +
        "neighbourhood, and may be truncated",
      fields,
    );
  }
}
