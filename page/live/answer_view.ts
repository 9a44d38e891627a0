import type { Fields } from "../../lib/tahoe/value.ts";
import type { PageQuestion } from "../answer.ts";
import { button, type Content, element, section } from "../element.ts";
import { histogramSection } from "../histogram/histogram_section.ts";
import type { OnRange } from "../histogram/histogram_view.ts";
import { counted, numberText, rankText } from "../numbers.ts";
import { ranksSection } from "../ranks/ranks_section.ts";
import { objectsOf } from "../read/fields.ts";
import { readHistogram } from "../read/read_question.ts";
import { readRanks } from "../read/read_ranks.ts";
import { relatedSection } from "../related/related_section.ts";
import { TimeWriter } from "../time.ts";
import { exportLinks } from "./export_links.ts";
import { LiveGraph } from "./live_graph.ts";
import { liveHead } from "./live_head.ts";
import { apiAddress, type LiveQuestion, ZONE } from "./live_question.ts";
import { RelatedPages } from "./related_pages.ts";
import { request } from "./request.ts";
import type { Session } from "./session.ts";
import type { LiveSightings } from "./sightings.ts";
import { slot } from "./slot.ts";

export type AnswerViewOptions = {
  readonly session: Session;
  /** Aborts when something else is asked. */
  readonly signal: AbortSignal;
  readonly onRange: OnRange;
  /** Whether the reader was at the chart, and wants to stay there. */
  readonly focusesChart: boolean;
};

/** Asks everything else about an indicator that was asked for, and shows the answers as they come. */
export function answerView(
  question: LiveQuestion,
  sightings: LiveSightings,
  { session, signal, onRange, focusesChart }: AnswerViewOptions,
): HTMLElement {
  const time = new TimeWriter(ZONE);
  const rank = element("span", {}, "…");
  const head = liveHead(sightings, { time, rank });
  const answer = element("div", { class: "answer" }, head);
  if (sightings.events === 0) {
    answer.append(nothingFound(question, sightings, onRange));
    return answer;
  }
  const { events } = sightings;
  const pageQuestion = { ...sightings, found: [], limits: [] };
  answer.append(
    exportLinks(question),
    slot("Counting events by time", async () => {
      const fields = await request(apiAddress("histogram", question), { signal });
      const chart = histogram(fields, onRange);
      if (focusesChart) {
        requestAnimationFrame(() => chart.querySelector<HTMLElement>(".plot")?.focus());
      }
      return [chart];
    }),
    relatedSlot(question, { sightings, pageQuestion, signal }),
    slot("Ranking the newest events", async () => {
      const fields = await request(apiAddress("threatrank", question), { signal });
      const ranks = readRanks(objectsOf(fields["ranks"]));
      const highest = Math.min(...ranks.map(({ rank }) => rank));
      const of = ranks.length < events ? `, of the newest ${counted(ranks.length, "event")}` : "";
      rank.textContent = ranks.length === 0 ? "unknown" : `${rankText(highest)}${of}`;
      return [ranksSection({ ...session, ranks, question: pageQuestion }, time)];
    }),
  );
  return answer;
}

/** Says that there is nothing, and what to do about it. */
function nothingFound(
  { from, to, last }: LiveQuestion,
  { atOtherTimes, advice }: LiveSightings,
  onRange: OnRange,
): HTMLElement {
  const isBounded = (from ?? to ?? last) !== undefined;
  const where = isBounded ? " in this time" : "";
  const words: Content[] = atOtherTimes > 0
    ? [`${where}. Events at other times: ${numberText(atOtherTimes)}.`]
    : [isBounded ? `${where}, nor at any other.` : "."];
  if (atOtherTimes > 0 && isBounded) {
    words.push(" ", button("Ask for any time", () => onRange(undefined)));
  }
  if (advice !== undefined) words.push(` ${advice}`);
  return element("p", { class: "nothing" }, "No event that you may see holds it", ...words);
}

function histogram(fields: Fields, onRange: OnRange): HTMLElement {
  const counted = { question: { by: fields["by"]! }, histogram: fields["intervals"]! };
  return histogramSection({ zone: ZONE, ...readHistogram(counted) }, onRange) ??
    section(
      { id: "histogram", title: "Events by time" },
      element("p", { class: "note" }, "The events are too far apart for a histogram."),
    );
}

type RelatedOptions = {
  readonly sightings: LiveSightings;
  readonly pageQuestion: PageQuestion;
  readonly signal: AbortSignal;
};

/** The graph and the list of what is related, which have the same values. */
function relatedSlot(
  question: LiveQuestion,
  { sightings, pageQuestion, signal }: RelatedOptions,
): HTMLElement {
  const { q: _q, sub_type: _kind, ...range } = question;
  const pages = new RelatedPages(question, signal);
  return slot("Asking what it is connected to", async () => {
    const related = await pages.load();
    const asked = sightings.found[0] ?? sightings.asked;
    const graph = new LiveGraph({ asked, related, range, signal });
    const list = element("div", {});
    const show = () => {
      const { values, part } = pages;
      const more = pages.hasMore ? moreButton(pages, { graph, show }) : undefined;
      const shown = relatedSection({ related: values, part, question: pageQuestion }, more);
      list.replaceChildren(...(shown === undefined ? [] : [shown]));
    };
    show();
    return [graph.element, list];
  });
}

/** Goes on to older events. */
function moreButton(
  pages: RelatedPages,
  { graph, show }: { readonly graph: LiveGraph; readonly show: () => void },
): HTMLElement {
  const status = element("span", { role: "status", class: "note" });
  const more = button("Add the ten next older events", async () => {
    more.disabled = true;
    status.textContent = " Asking …";
    try {
      await pages.load();
      graph.show(pages.values);
      show();
    } catch (error) {
      more.disabled = false;
      status.textContent = ` ${error instanceof Error ? error.message : error}`;
    }
  });
  return element("div", { class: "actions more-events" }, more, status);
}
