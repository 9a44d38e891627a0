import type { NamedValue } from "../answer.ts";
import { type Content, element } from "../element.ts";
import { type Fact, factList, moment, rangeFact, verdictContent } from "../facts.ts";
import { nearFacts } from "../near.ts";
import { numberText } from "../numbers.ts";
import type { TimeWriter } from "../time.ts";
import { valueElement } from "../value.ts";
import type { LiveSightings } from "./sightings.ts";

/** Shows what was asked, how often it was seen, when and by whom; `rank` is filled in later. */
export function liveHead(
  sightings: LiveSightings,
  { time, rank }: { readonly time: TimeWriter; readonly rank: HTMLElement },
): HTMLElement {
  const { asked } = sightings;
  return element(
    "header",
    {},
    element("p", { class: "kind" }, `Sightings of ${asked.subType}`),
    element("h1", { tabindex: "-1" }, valueElement(asked, { isLink: false })),
    factList(facts(sightings, { time, rank })),
  );
}

function facts(
  sightings: LiveSightings,
  { time, rank }: { readonly time: TimeWriter; readonly rank: HTMLElement },
): Fact[] {
  const { events, verdicts, firstSeen, lastSeen, organisations } = sightings;
  const found = foundContent(sightings);
  const number: Fact = ["Events", element("strong", {}, numberText(events))];
  const about: Fact[] = events === 0 ? [] : [
    ["First seen", moment(firstSeen!, time)],
    ["Last seen", moment(lastSeen!, time)],
    ["Verdicts", ...verdictContent(verdicts)],
    ["Reported by", organisations.join(", ")],
    ["ThreatRank", rank],
  ];
  return [
    number,
    ...about,
    ...(found.length === 0 ? [] : [["Found as", ...found] as const]),
    rangeFact(sightings, time),
    ["Times in", time.zone],
    ...nearFacts(sightings),
  ];
}

/** The values that events hold, if they are not just the one that was asked for. */
function foundContent({ asked, found }: LiveSightings): Content[] {
  if (found.length === 0 || (found.length === 1 && isSame(found[0]!, asked))) return [];
  const items = found.map((value) =>
    element(
      "li",
      {},
      element("span", { class: "kind" }, value.subType),
      " ",
      valueElement(value, { isLink: false }),
    )
  );
  return [element("ul", { class: "plain" }, ...items)];
}

function isSame(a: NamedValue, b: NamedValue): boolean {
  return a.subType === b.subType && a.data === b.data;
}
