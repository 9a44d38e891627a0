import type { InstanceStore } from "../../tahoe/instances.ts";
import type { Context } from "../context.ts";
import { isConfirmed, type SafetyOptions } from "../safety.ts";

/** Something to remove: looked at first, and removed if the user says so. */
export type Removal<T> = {
  /** Finds what is to be removed, and throws what keeps it. */
  readonly look: (store: InstanceStore) => Promise<T>;
  readonly remove: (store: InstanceStore, found: T) => Promise<void>;
  readonly toJson: (found: T) => Readonly<Record<string, unknown>>;
  /** What would happen, and what has happened, in words. */
  readonly before: (found: T) => string;
  readonly after: (found: T) => string;
};

export type RemovalOptions = SafetyOptions & {
  /** Ends the command if it would have to ask, and nobody can be asked. */
  readonly checkAsking: () => void;
};

/** Says what a removal would do, asks, and does it; looks once more in the step that removes. */
export async function removeSafely<T>(
  context: Pick<Context, "show" | "stores" | "stopSignal">,
  { look, remove, toJson, before, after }: Removal<T>,
  { dryRun, yes, checkAsking }: RemovalOptions,
): Promise<void> {
  const { identity } = await context.stores("identity");
  if (dryRun || !yes) {
    const found = await look(identity);
    const left = (text: string) => context.show({ ...toJson(found), dryRun: true }, () => text);
    checkAsking();
    if (dryRun) return left(`${before(found)}\nThis was a dry run: nothing was changed`);
    const asked = { question: "Remove?", signal: context.stopSignal() };
    if (!await isConfirmed(before(found), asked)) return left("Nothing was changed");
  }
  const removed = await identity.atomically(async (store) => {
    const found = await look(store);
    await remove(store, found);
    return found;
  });
  context.show({ ...toJson(removed), dryRun: false }, () => after(removed));
}
