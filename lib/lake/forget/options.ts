import type { InstanceStore } from "../../tahoe/instances.ts";
import type { Filters } from "../filter_uploads.ts";
import type { Selection } from "./selection.ts";
import type { ForgottenRaw } from "./tally.ts";

export type ForgetOptions = {
  readonly archive: InstanceStore;
  /** Say which events an upload made, where an organisation sent the same data several times. */
  readonly filters: Filters;
  readonly selection: Selection;
  /** Change nothing, only count. */
  readonly dryRun: boolean;
  /** Events and sessions that one step takes out: more make long transactions. */
  readonly topsAtOnce?: number;
  /** Milliseconds after the last step in which uploads archived meanwhile are looked after. */
  readonly grace?: number;
  /** Ends the work after the step in hand. */
  readonly signal: AbortSignal;
  /** Called for each Raw once its sources are gone, in a dry run once they would be. */
  readonly forgot: (raw: ForgottenRaw) => void;
};
