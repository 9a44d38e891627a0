import type { PageAnswer, PageRank } from "../answer.ts";
import { type Content, element, section } from "../element.ts";
import { counted, rankText } from "../numbers.ts";
import type { TimeWriter } from "../time.ts";
import { doubtTexts } from "./doubts.ts";
import { pathList } from "./path_list.ts";
import { groupRanks } from "./rank_groups.ts";

/** Shows the ThreatRank of each event with the paths that it rests on. */
export function ranksSection(
  answer: Pick<PageAnswer, "ranks" | "question" | "organisations">,
  time: TimeWriter,
): HTMLElement | undefined {
  const { ranks, question } = answer;
  if (ranks === undefined || ranks.length === 0) return undefined;
  const all = question?.events ?? ranks.length;
  const shown = ranks.length < all
    ? ` Shown are the newest ${ranks.length} of ${counted(all, "event")}.`
    : "";
  return section(
    {
      id: "ranks",
      title: "ThreatRank",
      note: `How malicious an event is: 0 not at all, −1 fully.${shown}`,
    },
    ...groupRanks(ranks).map((group) =>
      group.length === 1
        ? rankElement(group[0]!, { ...answer, time })
        : groupElement(group, { ...answer, time })
    ),
  );
}

type RankContext = Pick<PageAnswer, "organisations"> & { readonly time: TimeWriter };

function rankElement(ranked: PageRank, context: RankContext): HTMLElement {
  const { rank, paths } = ranked;
  return element(
    "article",
    { class: "rank" },
    element("div", { class: "rank-head" }, rankMeter(rank), ...eventContent(ranked, context)),
    ...doubtTexts(ranked).map((doubt) => element("p", { class: "doubt" }, doubt)),
    ...(paths.length === 0 ? [] : [pathList(paths)]),
  );
}

/** Says once what holds for each of several events, which are listed on demand. */
function groupElement(group: readonly PageRank[], context: RankContext): HTMLElement {
  const [first] = group as readonly [PageRank];
  const events = group.map((ranked) =>
    element("li", { class: "rank-head" }, ...eventContent(ranked, context))
  );
  return element(
    "article",
    { class: "rank" },
    element(
      "div",
      { class: "rank-head" },
      rankMeter(first.rank),
      element("h3", {}, counted(group.length, "event")),
    ),
    ...doubtTexts(first, "Each event").map((doubt) => element("p", { class: "doubt" }, doubt)),
    element(
      "details",
      {},
      element("summary", {}, `Show the ${counted(group.length, "event")}`),
      element("ul", { class: "plain" }, ...events),
    ),
  );
}

/** What an event is, when it was, how it is judged and who reported it. */
function eventContent(
  { hash, event }: PageRank,
  { organisations, time }: RankContext,
): Content[] {
  const about: Content[] = event === undefined ? [] : [
    element("time", {}, time.text(event.time)),
    element("span", { class: `verdict ${event.category}` }, event.category),
    element("span", {}, organisations[event.orgid] ?? ""),
  ];
  return [
    element("h3", {}, event?.subType ?? "event"),
    ...about,
    element("code", { class: "hash", title: hash }, hash.slice(0, 12)),
  ];
}

/** The rank as a number, and as a bar for the eye. */
function rankMeter(rank: number): HTMLElement {
  const bar = element("span", { class: "bar", "aria-hidden": "true" }, element("span"));
  (bar.firstElementChild as HTMLElement).style.width = `${Math.min(1, Math.abs(rank)) * 100}%`;
  return element("span", { class: "meter" }, element("strong", {}, rankText(rank)), bar);
}
