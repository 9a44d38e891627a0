import type { Raw } from "../../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../../tahoe/instances.ts";
import type { ForgetOptions } from "./options.ts";
import { type Selection, splitSources } from "./selection.ts";
import type { Tally } from "./tally.ts";

/** Raws of which sources are selected, until the signal aborts; the tally counts untimed ones. */
export async function* selectedRaws(
  { archive, selection, signal }: Pick<ForgetOptions, "archive" | "selection" | "signal">,
  tally: Tally,
): AsyncIterable<Raw> {
  for await (const raw of candidates(archive, selection)) {
    if (signal.aborted) return;
    const { gone, untimed } = splitSources(raw, selection);
    tally.sum.untimed += untimed;
    if (gone.length > 0) yield raw;
  }
}

/** Raws that the selection may mean. */
async function* candidates(
  archive: InstanceStore,
  { typetag, uploads }: Selection,
): AsyncIterable<Raw> {
  if (uploads === undefined) return yield* archive.raws(typetag);
  for (const hash of uploads.keys()) {
    for (const instance of await archive.get([hash], leaveOut)) {
      if (instance.itype === "raw") yield instance;
    }
  }
}
