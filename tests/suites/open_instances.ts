import type { InstanceStore } from "../../lib/tahoe/instances.ts";

/** Opens an empty store; `close` removes everything that was in it. */
export type OpenInstances = () => Promise<{ store: InstanceStore; close(): Promise<void> }>;

/** Everything that an iterable yields. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  return await Array.fromAsync(iterable);
}
