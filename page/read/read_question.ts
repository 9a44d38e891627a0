import { valueText } from "../../lib/answers/value_text.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import type { NamedValue, PageAnswer, PageQuestion, RelatedValue } from "../answer.ts";
import { listOf, numberOf, objectOf, objectsOf, scalarOf } from "./fields.ts";

/** Fields of the question that the page says elsewhere, or that only machines need. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set([
  ..."sub_type data match by tzname from to last".split(" "),
  ..."summary summary_graph return_type page".split(" "),
]);

/** Reads what was asked and found; nothing if the details of an answer do not say it. */
export function readQuestion(details: Fields): Pick<PageAnswer, "question"> {
  const { asked, question, range, events } = details;
  if (asked === undefined) return {};
  const { from, to } = objectOf(range);
  return {
    question: {
      asked: readName(objectOf(asked)),
      found: readFound(details["found"]),
      limits: Object.entries(objectOf(question)).filter(([name]) => !SAID_ELSEWHERE.has(name))
        .map(([name, value]) => [name, valueText(value)] as const),
      events: numberOf(events) ?? 0,
      ...readNothing(details),
      ...optionalTimes({
        from,
        to,
        firstSeen: details["first_seen"],
        lastSeen: details["last_seen"],
      }),
    },
  };
}

/** Reads what an answer says if nothing was found. */
function readNothing(
  fields: Fields,
): Pick<PageQuestion, "outside" | "within" | "addresses" | "advice"> {
  const { events, first_seen, last_seen } = objectOf(fields["outside"]);
  const [number, first, last] = [events, first_seen, last_seen].map(numberOf);
  return {
    ...(number !== undefined && first !== undefined && last !== undefined &&
      { outside: { events: number, first, last } }),
    ...readNear(fields),
  };
}

/** Reads what was seen near a value that was not, and what else may have been meant. */
export function readNear(
  { within, addresses, advice }: Fields,
): Pick<PageQuestion, "within" | "addresses" | "advice"> {
  return {
    ...(within !== undefined && { within: readFound(within) }),
    ...(addresses !== undefined && { addresses: readFound(addresses) }),
    ...(typeof advice === "string" && { advice }),
  };
}

type TimeName = "from" | "to" | "firstSeen" | "lastSeen";

function optionalTimes(
  times: { readonly [name in TimeName]: Value | undefined },
): Pick<PageQuestion, TimeName> {
  const known = Object.entries(times).map(([name, value]) => [name, numberOf(value)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(known);
}

/** Reads values, each with the number of events that hold it. */
export function readFound(found: Value | undefined): RelatedValue[] {
  return objectsOf(found).map((fields) => ({
    ...readName(fields),
    events: numberOf(fields["events"]) ?? 0,
  }));
}

function readName({ sub_type, data }: Fields): NamedValue {
  return { subType: String(sub_type), data: scalarOf(data) };
}

/** Reads which page of how many an answer is. */
export function readPart({ current_page, pages }: Fields): Pick<PageAnswer, "part"> {
  const [page, last] = [numberOf(current_page), numberOf(pages)];
  return page === undefined || last === undefined ? {} : { part: { page, pages: last } };
}

/** Reads the intervals of a count. */
export function readHistogram({ histogram, question }: Fields): Pick<PageAnswer, "histogram"> {
  if (histogram === undefined) return {};
  const intervals = objectsOf(listOf(histogram)).map(({ start, label, events }) => ({
    start: numberOf(start) ?? 0,
    label: String(label),
    events: numberOf(events) ?? 0,
  }));
  return { histogram: { by: String(objectOf(question)["by"]), intervals } };
}
