import { backoff } from "../backoff.ts";
import { StoreUnavailable } from "../errors.ts";
import { log } from "../log.ts";
import { sleep } from "../sleep.ts";
import { type Job, runWorker } from "../worker.ts";
import type { Context, OpenStores, Stores } from "./context.ts";
import { revokePermissions } from "./revoke_permissions.ts";
import { Outage } from "./outage.ts";
import { Heartbeat } from "./heartbeat.ts";
import { ServiceManager } from "./service_manager.ts";

/**
 * Milliseconds for running batches after a signal; the contract allows ten seconds for everything.
 */
const GRACE_MS = 7000;

/** Milliseconds between two signs of life of an idle worker: its longest rest, and a claim. */
const IDLE_BEAT_MS = 40_000;

export type ServiceOptions<Name extends keyof Stores, Claim> = {
  readonly stores: readonly Name[];
  /** Whether to end when nothing is left to do. */
  readonly once: boolean;
  /** Ends the service as a signal to stop does. */
  readonly stop?: AbortSignal;
  /** Batches of claims worked on at the same time. */
  readonly parallel: number;
  /** Seconds for which work is claimed. */
  readonly lease: number;
  /** Creates the job once the stores are open; the job calls `onError` with every error. */
  readonly createJob: (
    stores: OpenStores<Name>,
    onError: (error: unknown) => void,
  ) => Promise<Job<Claim>> | Job<Claim>;
};

/**
 * Works as a service until the program is told to stop or, with `once`, nothing is left. Waits for
 * databases that are unavailable. Returns the number of failures through no fault of the data.
 */
export async function runService<Name extends keyof Stores, Claim>(
  context: Context,
  options: ServiceOptions<Name, Claim>,
): Promise<number> {
  const { stop } = options;
  const told = context.stopSignal();
  const signal = stop === undefined ? told : AbortSignal.any([told, stop]);
  const manager = new ServiceManager((name) => Deno.env.get(name));
  signal.addEventListener("abort", () => manager.notifyStopping(), { once: true });
  const onWait = () => manager.notifyWaiting();
  try {
    const { stores: names, once } = options;
    const stores = await openServiceStores(context, names, { once, signal, onWait });
    return stores === undefined ? 0 : await work(stores, options, { signal, manager });
  } finally {
    await manager.close();
  }
}

async function work<Name extends keyof Stores, Claim>(
  stores: OpenStores<Name>,
  { once, parallel, lease, createJob }: Omit<ServiceOptions<Name, Claim>, "stores">,
  { signal, manager }: { readonly signal: AbortSignal; readonly manager: ServiceManager },
): Promise<number> {
  const outage = new Outage();
  const job = await createJob(stores, (error) => outage.record(error));
  // The first wait may begin to watch a file, which needs the permissions that are revoked next.
  await job.waitForWork(0, signal).catch(job.onError);
  await revokePermissions();
  const claim = async (room: number) => {
    const batches = await job.claim(room);
    outage.end();
    return batches;
  };
  const renewEvery = lease * 1000 / 3;
  const heartbeat = new Heartbeat(2 * Math.max(IDLE_BEAT_MS, renewEvery));
  manager.notifyReady(() => heartbeat.alive);
  const options = { once, parallel, renewEvery, grace: GRACE_MS, signal };
  return await runWorker(heartbeat.watch({ ...job, claim }), options);
}

/** Creates a name for this worker that is unique among all that share a database. */
export function workerName(): string {
  return `${Deno.hostname()}/${Deno.pid}/${crypto.randomUUID().slice(0, 8)}`;
}

type OpenOptions = {
  /** Whether to fail if a database is unavailable, instead of waiting for it. */
  readonly once: boolean;
  readonly signal: AbortSignal;
  /** Called before each wait. */
  readonly onWait: () => void;
};

/** Opens stores and creates their indices. Returns undefined if the signal aborts meanwhile. */
export async function openServiceStores<Name extends keyof Stores>(
  context: Pick<Context, "stores">,
  names: readonly Name[],
  { once, signal, onWait }: OpenOptions,
): Promise<OpenStores<Name> | undefined> {
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
