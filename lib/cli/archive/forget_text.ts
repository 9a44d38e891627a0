import type { Forgotten } from "../../lake/forget.ts";
import { table } from "../table.ts";
import { formatTime } from "../../time.ts";
import { counted } from "../../counted.ts";
import { shellQuoted } from "../shell_quoted.ts";
import type { Selecting } from "./forget_selection.ts";
import type { ForgottenFile } from "./forgotten_files.ts";

/** What went, or would go. */
export type ForgetResult = Forgotten & {
  readonly dryRun: boolean;
  readonly entries: number;
  /** What a dry run would take back, by file. */
  readonly files?: readonly ForgottenFile[];
};

/** Files that a dry run shows. */
const SHOWN = 50;

/** Whether nothing is selected. */
export function isEmpty({ uploads, entries }: ForgetResult): boolean {
  return uploads + entries === 0;
}

type FormatOptions = {
  /** What was selected. */
  readonly selecting: Selecting;
  readonly purpose?: "asking" | "telling";
};

/** The result in words, after a table of the files. */
export function formatForgotten(
  result: ForgetResult,
  { selecting, purpose = "telling" }: FormatOptions,
): string {
  const { untimed, dryRun, files = [] } = result;
  const lines = isEmpty(result)
    ? [`Nothing to forget: no archived upload ${conditionsText(selecting)}`]
    : [...listing(files), counts(result)];
  if (result.rawsKept > 0) {
    lines.push(`Raws that stay, because others sent the same data: ${result.rawsKept}`);
  }
  if (result.eventsKept > 0) {
    lines.push(
      `Events that stay, because other uploads brought them as well: ${result.eventsKept}`,
    );
  }
  if (untimed > 0) {
    lines.push(
      `Uploads left alone, because nobody knows when they were sent: ${untimed}. ` +
        "Select them without --since and --before",
    );
  }
  if (result.damaged !== undefined) {
    lines.push(
      `Instances that stay, because they cannot be read: ${result.damaged}. archive verify names ` +
        "them; archive reparse, before, stores anew what the filter makes of the Raws",
    );
  }
  if (!result.exact) lines.push("At least: what only selected uploads share may go as well");
  if (dryRun && purpose === "telling" && !isEmpty(result)) {
    lines.push("This was a dry run: nothing was changed");
  }
  return lines.join("\n");
}

/** The conditions in words, such as `of type stix before 2026-01-31T00:00:00Z`. */
function conditionsText({ raw = [], file = [], type, org, since, before }: Selecting): string {
  return [
    ...(raw.length > 0 ? [`of Raw ${raw.join(" or ")}`] : []),
    ...(file.length > 0 ? [`of file ${file.map(shellQuoted).join(" or ")}`] : []),
    ...(type !== undefined ? [`of type ${shellQuoted(type)}`] : []),
    ...(org !== undefined ? [`of organisation ${shellQuoted(org)}`] : []),
    ...(since !== undefined ? [`since ${formatTime(since)}`] : []),
    ...(before !== undefined ? [`before ${formatTime(before)}`] : []),
  ].join(" ");
}

function counts(result: ForgetResult): string {
  const { uploads, raws, events, sessions, objects, attributes, entries, dryRun } = result;
  const gone = [
    counted(raws, "Raw"),
    counted(events, "event"),
    counted(sessions, "session"),
    counted(objects, "object"),
    counted(attributes, "attribute"),
    counted(entries, "entry of the lake", "entries of the lake"),
  ];
  const what = dryRun ? "would be forgotten" : "forgotten";
  return `${counted(uploads, "upload")} ${what}: ${gone.join(", ")}`;
}

function listing(files: readonly ForgottenFile[]): string[] {
  const rows = files.slice(0, SHOWN).map((
    { file, type, org, orgname, sent, uploads, events, raws, stays },
  ) => [
    file,
    uploads,
    events,
    type,
    ...sent.map(formatTime),
    orgname ?? org,
    raws.length === 1 ? raws[0]! : `${raws.length} Raws`,
    stays ? "stays for others" : "goes",
  ]);
  if (rows.length === 0) return [];
  const more = files.length > rows.length
    ? [`The first ${rows.length} of ${files.length} files:`]
    : [];
  const head = ["file", "uploads", "events", "type", "first sent", "last sent", "organisation"];
  return [...more, table([...head, "Raw", "the Raw"], rows), ""];
}
