import { valueText } from "../lib/answers/value_text.ts";
import type { Category } from "../lib/tahoe/instance.ts";
import type { NamedValue, PageAnswer, PageEvent, PageQuestion } from "./answer.ts";
import { type Content, element } from "./element.ts";
import { type Fact, factList, moment, rangeFact, verdictContent } from "./facts.ts";
import { nearFacts } from "./near.ts";
import { counted, numberText } from "./numbers.ts";
import { shownText } from "./shown_text.ts";
import type { TimeWriter } from "./time.ts";
import { valueElement } from "./value.ts";
import { valueList } from "./value_list.ts";

/** What the three answers are called. */
const TITLES: { readonly [qtype in PageAnswer["qtype"]]: string } = {
  count: "Sightings",
  related: "Related data",
  threatrank: "ThreatRank",
};

const CATEGORIES: readonly Category[] = ["malicious", "unknown", "benign"];

type Outside = NonNullable<PageQuestion["outside"]>;

/** Shows what was asked, and what the answer comes to. */
export function headElement(answer: PageAnswer, time: TimeWriter): HTMLElement {
  const { qtype } = answer;
  const asked = askedValue(answer);
  const title = asked === undefined ? TITLES[qtype] : valueElement(asked);
  const kind = asked === undefined ? "" : ` of ${asked.subType}`;
  return element(
    "header",
    {},
    element("p", { class: "kind" }, `${TITLES[qtype]}${kind}`),
    element("h1", {}, title),
    factList(headFacts(answer, time)),
  );
}

/** What was asked, in a few words. */
export function answerTitle(answer: PageAnswer): string {
  const asked = askedValue(answer);
  if (asked === undefined) return TITLES[answer.qtype];
  return `${asked.subType} ${shownText(valueText(asked.data))}`;
}

/** The value that was asked for, or the hash of the event. */
export function askedValue({ question, ranks }: PageAnswer): NamedValue | undefined {
  const hash = ranks?.[0]?.hash;
  return question?.asked ?? (hash === undefined ? undefined : { subType: "event", data: hash });
}

function headFacts(answer: PageAnswer, time: TimeWriter): Fact[] {
  const { question, answered } = answer;
  return [
    ...(question === undefined ? [] : questionFacts(question, time)),
    ...eventFacts(answer),
    ["Times in", time.zone],
    ...(answered === undefined ? [] : [["Answered", moment(answered, time)] as const]),
  ];
}

function questionFacts(question: PageQuestion, time: TimeWriter): Fact[] {
  const { events, firstSeen, lastSeen, found, limits } = question;
  return [
    ["Events", element("strong", {}, numberText(events))],
    ...(firstSeen === undefined ? [] : [["First seen", moment(firstSeen, time)] as const]),
    ...(lastSeen === undefined ? [] : [["Last seen", moment(lastSeen, time)] as const]),
    ["Found as", ...foundContent(question)],
    rangeFact(question, time),
    ...nearFacts(question),
    ...(question.outside === undefined ? [] : [outsideFact(question.outside, time)]),
    ...limits.map(([name, value]) => [sentenceCase(name), value] as const),
  ].filter(([term]) => term !== "Found as" || found.length !== 1 || differs(question)) as Fact[];
}

function outsideFact({ events, first, last }: Outside, time: TimeWriter): Fact {
  const between = [moment(first, time), " to ", moment(last, time)];
  return ["Outside this range", counted(events, "event"), ", from ", ...between];
}

/** Tells whether an answer is about another value than the one that was asked. */
function differs({ asked, found: [first] }: PageQuestion): boolean {
  return first?.subType !== asked.subType || first.data !== asked.data;
}

function foundContent({ found, advice }: PageQuestion): Content[] {
  if (found.length === 0) {
    const nothing = "nothing: no event in this range holds it";
    return [advice === undefined ? nothing : `${nothing}. ${advice}`];
  }
  return valueList(found);
}

/** What the events that an answer contains come to. */
function eventFacts({ events, ranks, organisations, question }: PageAnswer): Fact[] {
  const shown = events ?? ranks?.map(({ event }) => event).filter((event) => event !== undefined);
  if (shown === undefined || shown.length === 0) return [];
  const all = question?.events ?? shown.length;
  const of = shown.length < all ? ` of the ${numberText(shown.length)} shown` : "";
  const names = shown.map(({ orgid }) => organisations[orgid] ?? `organisation ${orgid}`);
  return [
    [`Verdicts${of}`, ...verdictContent(countVerdicts(shown))],
    [`Reported by${of && " (shown)"}`, [...new Set(names)].sort().join(", ")],
  ];
}

/** Numbers of events by category. */
function countVerdicts(events: readonly PageEvent[]) {
  return CATEGORIES.map((category) =>
    [category, events.filter((event) => event.category === category).length] as const
  );
}

function sentenceCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}
