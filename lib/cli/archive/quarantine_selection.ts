import { type Command, InvalidArgumentError } from "commander";
import type { ImportSummary } from "../../lake/import_quarantine.ts";
import type { EntryFilter, EntrySummary, FinalState } from "../../lake/lake.ts";
import type { Context } from "../context.ts";
import { namesOfTypetag } from "./type_option.ts";

/**
 * State of an entry or import. EVENTS_REJECTED: it became a Raw, but its filter rejected its events,
 * or it was imported and no filter reads its type.
 */
export type QuarantineState = FinalState | "EVENTS_REJECTED";

/** An entry of the lake, or an import. */
export type Quarantined = EntrySummary | ImportSummary;

export type SelectionFlags = {
  readonly state?: readonly QuarantineState[];
  readonly type?: string;
};

/** The flags, with every name of the type. */
type EntrySelection = Pick<SelectionFlags, "state"> & { readonly typetags?: readonly string[] };

/** Replaces the type by all names under which its uploads come. */
export async function readSelection(
  context: Context,
  { type, ...flags }: SelectionFlags,
): Promise<EntrySelection> {
  if (type === undefined) return flags;
  const { archive: { aliases } } = await context.config();
  return { ...flags, typetags: namesOfTypetag(type, aliases) };
}

/** States of the entries and imports that are in quarantine. */
const QUARANTINED: readonly QuarantineState[] = ["NOT_SUPPORTED", "ERROR", "EVENTS_REJECTED"];
const STATES: readonly QuarantineState[] = [...QUARANTINED, "SUCCESS"];

/** Adds `--state` and `--type`. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option(
      "--state <state>",
      `only those in this state: ${STATES.join(", ")}; may be given several times`,
      addState,
    )
    .option("-t, --type <type>", "only those of this type");
}

function addState(
  text: string,
  before: readonly QuarantineState[] = [],
): readonly QuarantineState[] {
  const state = STATES.find((state) => state === text.toUpperCase());
  if (state === undefined) throw new InvalidArgumentError(`Give one of ${STATES.join(", ")}.`);
  return [...before, state];
}

/** Builds filters that together select the entries. */
export function entryFilters(
  ids: readonly string[],
  { state: states = QUARANTINED, typetags }: EntrySelection,
): EntryFilter[] {
  const common = { ...(typetags !== undefined && { typetags }), ...(ids.length > 0 && { ids }) };
  const final = states.filter((state) => state !== "EVENTS_REJECTED");
  const isRejected = states.includes("EVENTS_REJECTED");
  return [
    ...(final.length > 0 ? [{ ...common, states: final }] : []),
    ...(isRejected ? [{ ...common, events: "rejected" as const }] : []),
    ...(states.includes("ERROR") ? [{ ...common, stuck: true as const }] : []),
  ];
}

/** Selects imports as {@link entryFilters} selects entries. */
export function selectImports(
  imports: readonly ImportSummary[],
  ids: readonly string[],
  { state: states = QUARANTINED, typetags }: EntrySelection,
): readonly ImportSummary[] {
  return imports.filter((one) =>
    states.includes("EVENTS_REJECTED") &&
    (typetags === undefined || typetags.includes(one.typetag)) &&
    (ids.length === 0 || ids.includes(one.id))
  );
}

/** The state as commands show it. */
export function displayState(entry: Quarantined): EntrySummary["state"] | "EVENTS_REJECTED" {
  return entry.events === "rejected" || "imported" in entry ? "EVENTS_REJECTED" : entry.state;
}
