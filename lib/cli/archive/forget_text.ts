import type { Forgotten, ForgottenRaw } from "../../lake/forget.ts";
import { table } from "../table.ts";
import { formatTime } from "../../time.ts";
import { counted } from "../../counted.ts";

/** What went, or would go. */
export type ForgetResult = Forgotten & { readonly dryRun: boolean; readonly entries: number };

/** Uploads that a dry run shows. */
export const SHOWN = 50;

/** Whether nothing is selected. */
export function isEmpty({ uploads, entries }: ForgetResult): boolean {
  return uploads + entries === 0;
}

/** The result in words, after a table of the Raws. */
export function formatForgotten(
  result: ForgetResult,
  raws: readonly ForgottenRaw[],
  purpose: "asking" | "telling" = "telling",
): string {
  const { uploads, untimed, dryRun } = result;
  const lines = isEmpty(result)
    ? ["Nothing to forget: no archived upload is selected"]
    : [...listing(raws, uploads), counts(result)];
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
  if (!result.exact) lines.push("At least: what only selected uploads share may go as well");
  if (dryRun && purpose === "telling" && !isEmpty(result)) {
    lines.push("This was a dry run: nothing was changed");
  }
  return lines.join("\n");
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

function listing(raws: readonly ForgottenRaw[], uploads: number): string[] {
  const rows = raws.flatMap(({ raw, typetag, sources, isShared }) =>
    sources.map(({ orgid, timestamp }) => [
      typetag,
      formatTime(timestamp ?? null),
      orgid,
      raw,
      isShared ? "stays for others" : "goes",
    ])
  ).slice(0, SHOWN);
  if (rows.length === 0) return [];
  const more = uploads > rows.length ? [`The first ${rows.length} of ${uploads} uploads:`] : [];
  return [...more, table(["type", "sent", "organisation", "Raw", "the Raw"], rows), ""];
}
