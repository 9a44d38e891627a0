import type { Scalar } from "../../tahoe/value.ts";
import { valueText } from "../value_text.ts";

export type FileNameOptions = {
  /** Type of the question. */
  readonly type: string;
  /** What was asked, if it is known. */
  readonly asked?: { readonly subType: string; readonly data: Scalar } | undefined;
  /** When it was answered, in seconds since 1970. */
  readonly time: number;
  /** Time zone of the day in the name. */
  readonly zone: string;
  /** How the name ends, such as `csv`. */
  readonly extension: string;
};

/** Most characters of an indicator in the name of a file. */
const MOST_CHARACTERS = 48;

/**
 * Names the file of an exported answer, such as `cybexp-related-192.0.2.1-2026-03-14.csv`. The name
 * has only characters that every system allows; an indicator without any of them is named by its kind.
 */
export function exportFileName(
  { type, asked, time, zone, extension }: FileNameOptions,
): string {
  const { subType = "", data = "" } = asked ?? {};
  const parts = ["cybexp", type, safeName(valueText(data)) || safeName(subType), day(time, zone)];
  return `${parts.filter((part) => part !== "").join("-")}.${extension}`;
}

function safeName(text: string): string {
  return text.slice(0, 4 * MOST_CHARACTERS).replace(/[^A-Za-z0-9._]+/g, "-").replace(/^[-.]+/, "")
    .slice(0, MOST_CHARACTERS).replace(/[-.]+$/, "");
}

/** Writes the day of a moment as `2026-03-14`. */
function day(time: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(new Date(time * 1000));
  const part = (name: string) => parts.find(({ type }) => type === name)!.value;
  return `${part("year")}-${part("month")}-${part("day")}`;
}
