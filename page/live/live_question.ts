import { valueText } from "../../lib/answers/value_text.ts";
import type { NamedValue } from "../answer.ts";

/** Fields of a question, by the names that they have in the page's address and in the API's. */
const NAMES = ["q", "sub_type", "from", "to", "last"] as const;

/** What the reader asks: an indicator, and of which time. Times are seconds since 1970. */
export type LiveQuestion =
  & { readonly q: string }
  & { readonly [name in Exclude<typeof NAMES[number], "q">]?: string };

/** Reads the question in an address; undefined if there is none. */
export function readLiveQuestion(search: string): LiveQuestion | undefined {
  const parameters = new URLSearchParams(search);
  const fields = NAMES.map((name) => [name, parameters.get(name)?.trim()] as const)
    .filter(([, text]) => text);
  const question = Object.fromEntries(fields) as Partial<LiveQuestion>;
  return question.q === undefined ? undefined : question as LiveQuestion;
}

/** Writes the address of a question. */
export function questionAddress(question: LiveQuestion): string {
  return `/?${new URLSearchParams(question)}`;
}

/** The zone in which the reader lives, as far as the browser knows. */
export const ZONE = knownZone(new Intl.DateTimeFormat().resolvedOptions().timeZone);

function knownZone(zone: string | undefined): string {
  return zone === undefined || zone === "Etc/Unknown" ? "UTC" : zone;
}

/** Writes the address of an answer of the API. */
export function apiAddress(
  route: string,
  question: LiveQuestion,
  more: { readonly [name: string]: string } = {},
): string {
  return `/api/v1/${route}?${new URLSearchParams({ ...question, tzname: ZONE, ...more })}`;
}

/** Longest value that an address can hold. */
const MOST_CHARACTERS = 1500;

/** The question about a value; undefined if no address can hold it. */
export function questionAbout({ subType, data }: NamedValue): LiveQuestion | undefined {
  const q = valueText(data);
  const isFit = q.length <= MOST_CHARACTERS && q.isWellFormed() && q === q.trim() && q !== "";
  return isFit ? { q, sub_type: subType } : undefined;
}
