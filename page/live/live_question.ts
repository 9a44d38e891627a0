import { valueText } from "../../lib/answers/value_text.ts";
import type { NamedValue } from "../answer.ts";

/** Fields of a question, by the names that they have in the page's address and in the API's. */
const NAMES = ["q", "sub_type", "from", "to", "last"] as const;

/** What the reader asks: an indicator, and of which time. Times are seconds since 1970. */
export type LiveQuestion =
  & { readonly q: string }
  & { readonly [name in Exclude<typeof NAMES[number], "q">]?: string };

/** Where an address has its question. */
export type QuestionPlace = { readonly search: string; readonly hash: string };

/** Reads the question in an address; undefined if there is none. */
export function readLiveQuestion({ search, hash }: QuestionPlace): LiveQuestion | undefined {
  const parameters = new URLSearchParams(search === "" ? hash.slice(1) : search);
  const fields = NAMES.map((name) => [name, parameters.get(name)?.trim()] as const)
    .filter(([, text]) => text);
  const question = Object.fromEntries(fields) as Partial<LiveQuestion>;
  return question.q === undefined ? undefined : question as LiveQuestion;
}

/** Longest address that any server and proxy takes. */
const MOST_SENT = 2000;

/** Writes the address of a question; the part behind `#`, where a long one is, goes to no server. */
export function questionAddress(question: LiveQuestion): string {
  const parameters = String(new URLSearchParams(question));
  return parameters.length > MOST_SENT ? `/#${parameters}` : `/?${parameters}`;
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
