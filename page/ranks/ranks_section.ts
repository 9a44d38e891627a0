import type { PageAnswer, PageRank } from "../answer.ts";
import { type Content, element, section } from "../element.ts";
import { counted, rankText } from "../numbers.ts";
import type { TimeWriter } from "../time.ts";
import { doubtTexts } from "./doubts.ts";
import { pathList } from "./path_list.ts";

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
    ...ranks.map((rank) => rankElement(rank, { ...answer, time })),
  );
}

type RankContext = Pick<PageAnswer, "organisations"> & { readonly time: TimeWriter };

function rankElement(ranked: PageRank, { organisations, time }: RankContext): HTMLElement {
  const { hash, event, rank, isMalicious, paths } = ranked;
  const about: Content[] = event === undefined ? [] : [
    element("time", {}, time.text(event.time)),
    element("span", { class: `verdict ${event.category}` }, event.category),
    element("span", {}, organisations[event.orgid] ?? ""),
  ];
  const doubts = doubtTexts(ranked);
  return element(
    "article",
    { class: "rank" },
    element(
      "div",
      { class: "rank-head" },
      rankMeter(rank),
      element("h3", {}, event?.subType ?? "event"),
      ...about,
      element("code", { class: "hash", title: hash }, hash.slice(0, 12)),
    ),
    ...doubts.map((doubt) => element("p", { class: "doubt" }, doubt)),
    ...(isMalicious || paths.length > 0 ? [] : [noPath()]),
    ...(paths.length === 0 ? [] : [pathList(paths)]),
  );
}

function noPath(): HTMLElement {
  return element("p", { class: "note" }, "No path leads here from a malicious event.");
}

/** The rank as a number, and as a bar for the eye. */
function rankMeter(rank: number): HTMLElement {
  const bar = element("span", { class: "bar", "aria-hidden": "true" }, element("span"));
  (bar.firstElementChild as HTMLElement).style.width = `${Math.min(1, Math.abs(rank)) * 100}%`;
  return element("span", { class: "meter" }, element("strong", {}, rankText(rank)), bar);
}
