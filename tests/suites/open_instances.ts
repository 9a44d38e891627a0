import type { InstanceStore } from "../../lib/tahoe/instances.ts";

/** Opens an empty store; `close` takes away all that was in it. */
export type OpenInstances = () => Promise<{ store: InstanceStore; close(): Promise<void> }>;

/** All that an iterable yields. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of iterable) items.push(item);
  return items;
}
