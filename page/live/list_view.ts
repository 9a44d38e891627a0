import { exportFileName } from "../../lib/answers/export/file_name.ts";
import type { NamedValue } from "../answer.ts";
import { copyButton, saveButton } from "../copy.ts";
import { csvText } from "../csv.ts";
import { type Content, element, section } from "../element.ts";
import { type Fact, factList, rangeFact } from "../facts.ts";
import { counted, numberText } from "../numbers.ts";
import { shownText } from "../shown_text.ts";
import { TimeWriter } from "../time.ts";
import { cellValue } from "../value.ts";
import { VirtualList } from "../virtual_list.ts";
import { listTable } from "./list_table.ts";
import type { ListedValues, UnreadValue } from "./listed_values.ts";
import { listRemark } from "./list_remark.ts";
import { type LiveQuestion, questionAbout, questionAddress, ZONE } from "./live_question.ts";
import type { LiveSightings } from "./sightings.ts";

/** Shows what is known of the values of a list: a row for each, those that were seen first. */
export function listView(listed: ListedValues, { q: _q, sub_type: _kind, ...times }: LiveQuestion) {
  const { values, unread } = listed;
  const time = new TimeWriter(ZONE);
  return element(
    "div",
    { class: "answer" },
    element(
      "header",
      {},
      element("p", { class: "kind" }, "Sightings of a list"),
      element("h1", { tabindex: "-1" }, titleOf(values.length)),
      factList(facts(listed, time)),
    ),
    exportButtons(listed),
    values.length === 0 ? undefined : section(
      { id: "list", title: "Indicators", note: "Those that were seen come first" },
      valueRows(values, { time, times }),
    ),
    unread.length === 0 ? undefined : section(
      { id: "unread", title: "Not looked up", note: "Each can be asked alone" },
      unreadRows(unread),
    ),
  );
}

function titleOf(values: number): string {
  return values === 0 ? "Nothing was looked up" : counted(values, "indicator");
}

function facts(listed: ListedValues, time: TimeWriter): Fact[] {
  const { values, unread } = listed;
  const [first] = values;
  const left = leftOut(listed);
  return [
    ...(first === undefined ? [] : sightingFacts(values)),
    ...(unread.length === 0 ? [] : [["Not looked up", numberText(unread.length)] as const]),
    ...(first === undefined ? [] : [rangeFact(first, time), ["Times in", time.zone] as const]),
    ...(left === "" ? [] : [["Left out of the text", left] as const]),
  ];
}

function sightingFacts(values: readonly LiveSightings[]): Fact[] {
  const seen = values.filter(isSeen).length;
  const malicious = values.filter((each) => numberOfMalicious(each) > 0).length;
  const remarked = values.filter((each) => !isSeen(each) && listRemark(each) !== undefined).length;
  const but = remarked === 0 ? "" : `, ${numberText(remarked)} of them with a remark`;
  return [
    ["Seen", element("strong", {}, numberText(seen))],
    ["In malicious events", numberText(malicious)],
    ["Not seen", `${numberText(values.length - seen)}${but}`],
  ];
}

/** Columns that are named. */
const SHOWN_COLUMNS = 3;

function leftOut({ skipped, unreadColumns }: ListedValues): string {
  const more = unreadColumns.length - SHOWN_COLUMNS;
  const columns = [
    ...unreadColumns.slice(0, SHOWN_COLUMNS).map((name) => shownText(name, 40)),
    ...(more > 0 ? [`${more} others`] : []),
  ];
  return [
    ...skipped.map(([what, times]) => `${numberText(times)} × ${what}`),
    ...(columns.length === 0 ? [] : [`columns without indicators: ${columns.join(", ")}`]),
  ].join("; ");
}

type RowOptions = {
  readonly time: TimeWriter;
  /** The time that was chosen, which those who ask for a single value keep. */
  readonly times: Omit<LiveQuestion, "q">;
};

function valueRows(values: readonly LiveSightings[], { time, times }: RowOptions): HTMLElement {
  const moment = (seconds: number | undefined) => seconds === undefined ? "" : time.text(seconds);
  const linkTo = (value: NamedValue) => {
    const question = questionAbout(value);
    return question && questionAddress({ ...question, ...times });
  };
  const list = new VirtualList<LiveSightings>({
    label: "Indicators",
    columns: ["value", "kind", "events", "verdict", "first seen", "last seen", "remark"],
    cells: (sightings) => [
      cellValue(sightings.asked, { link: linkTo(sightings.asked) }),
      sightings.asked.subType,
      numberText(sightings.events),
      maliciousText(sightings),
      moment(sightings.firstSeen),
      moment(sightings.lastSeen),
      isSeen(sightings) ? sightings.organisations.join(", ") : listRemark(sightings),
    ],
  });
  list.show(values.toSorted(byWeight));
  return list.element;
}

/** Those in malicious events first, then by events; of those not seen, those with a remark. */
function byWeight(a: LiveSightings, b: LiveSightings): number {
  const isRemarked = (each: LiveSightings) => Number(listRemark(each) !== undefined);
  return numberOfMalicious(b) - numberOfMalicious(a) || b.events - a.events ||
    isRemarked(b) - isRemarked(a);
}

function unreadRows(unread: readonly UnreadValue[]): HTMLElement {
  const list = new VirtualList<UnreadValue>({
    label: "Not looked up",
    columns: ["value", "reason"],
    cells: ({ value, reason }) => [
      ownLink(value),
      cellValue({ subType: "reason", data: pageAdvice(reason) }, { isLink: false }),
    ],
  });
  list.show(unread);
  return list.element;
}

/** The reason, with what the page calls a sub-type. */
function pageAdvice(reason: string): string {
  return reason.replace(/give sub_type, such as/, "ask for it alone, or choose a kind, such as");
}

/** A value as it was written, with a link that asks for it alone. */
function ownLink(value: string): Content {
  const address = questionAddress({ q: value });
  return element("a", { href: address, class: "value" }, element("bdi", {}, shownText(value)));
}

function isSeen({ events }: LiveSightings): boolean {
  return events > 0;
}

function numberOfMalicious({ verdicts }: LiveSightings): number {
  return verdicts.find(([category]) => category === "malicious")?.[1] ?? 0;
}

function maliciousText(sightings: LiveSightings): Content {
  const number = numberOfMalicious(sightings);
  if (number === 0) return undefined;
  return element("span", { class: "verdict malicious" }, `${numberText(number)} malicious`);
}

function exportButtons({ rows }: ListedValues): HTMLElement {
  const csv = () => csvText(listTable(rows));
  const time = Date.now() / 1000;
  const name = exportFileName({ type: "lookup", time, zone: ZONE, extension: "csv" });
  return element(
    "div",
    { class: "exports actions", role: "group", "aria-label": "Export the answer" },
    copyButton("Copy CSV", csv),
    saveButton("Save CSV", { name, type: "text/csv", text: csv }),
  );
}
