import { backoff } from "../backoff.ts";
import { StoreUnavailable } from "../errors.ts";
import { log } from "../log.ts";
import { sleep } from "../sleep.ts";
import { type Job, runWorker } from "../worker.ts";
import type { Context, Opened, Stores } from "./context.ts";
import { revokePermissions } from "./revoke_permissions.ts";
import { Outage } from "./outage.ts";
import { Heartbeat } from "./heartbeat.ts";
import { ServiceManager } from "./service_manager.ts";

/** Milliseconds for work in hand after a signal; the contract gives ten seconds for all. */
const GRACE = 7000;

/** Milliseconds between two signs of life of an idle worker: its longest rest, and a claim. */
const IDLE_BEAT = 40_000;

export type Service<Name extends keyof Stores, Claim> = {
  readonly stores: readonly Name[];
  /** End when nothing is left to do. */
  readonly once: boolean;
  /** Batches of claims worked on at once. */
  readonly parallel: number;
  /** Seconds for which work is claimed. */
  readonly lease: number;
  /** Makes the job once the stores are open; the job tells `onError` what was thrown. */
  readonly begin: (
    stores: Opened<Name>,
    onError: (error: unknown) => void,
  ) => Promise<Job<Claim>> | Job<Claim>;
};

/**
 * Works as a service until the program is told to stop or, with `once`, nothing is left. Waits for
 * databases that are away. Returns how much failed for reasons of ours.
 */
export async function runService<Name extends keyof Stores, Claim>(
  context: Context,
  service: Service<Name, Claim>,
): Promise<number> {
  const signal = context.stopSignal();
  const manager = new ServiceManager((name) => Deno.env.get(name));
  signal.addEventListener("abort", () => manager.stopping(), { once: true });
  try {
    return await work(context, service, signal, manager);
  } finally {
    await manager.close();
  }
}

async function work<Name extends keyof Stores, Claim>(
  context: Context,
  { stores: names, once, parallel, lease, begin }: Service<Name, Claim>,
  signal: AbortSignal,
  manager: ServiceManager,
): Promise<number> {
  const stores = await openStores(context, names, once, signal, () => manager.waiting());
  if (stores === undefined) return 0;
  const outage = new Outage();
  const job = await begin(stores, (error) => outage.failed(error));
  // The first wait may begin to watch a file.
  await job.waitForWork(0, signal).catch(job.onError);
  await revokePermissions();
  const claim = async (room: number) => {
    const batches = await job.claim(room);
    outage.over();
    return batches;
  };
  const renewEvery = lease * 1000 / 3;
  const pulse = new Heartbeat(2 * Math.max(IDLE_BEAT, renewEvery));
  manager.ready(() => pulse.alive);
  const options = { once, parallel, renewEvery, grace: GRACE, signal };
  return await runWorker(pulse.watch({ ...job, claim }), options);
}

/** Names this worker among all that share a database. */
export function workerName(): string {
  return `${Deno.hostname()}/${Deno.pid}/${crypto.randomUUID().slice(0, 8)}`;
}

/**
 * Opens the stores and makes their indices. As a service, waits for databases that are away;
 * undefined if told to stop meanwhile.
 */
async function openStores<Name extends keyof Stores>(
  context: Context,
  names: readonly Name[],
  once: boolean,
  signal: AbortSignal,
  onWait: () => void,
): Promise<Opened<Name> | undefined> {
  for (let attempts = 0; !signal.aborted; attempts++) {
    try {
      const stores = await context.stores(...names);
      for (const notice of await stores.prepare()) log.warn(notice);
      return stores;
    } catch (error) {
      if (once || !(error instanceof StoreUnavailable)) throw error;
      const seconds = backoff(attempts);
      log.warn(error.message, { retryIn: `${seconds.toFixed(1)}s` });
      onWait();
      await sleep(seconds * 1000, signal);
    }
  }
  return undefined;
}
