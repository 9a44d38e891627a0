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
  const { unread } = listed;
  const rows = listed.values.map(toRow).toSorted(byWeight);
  const time = new TimeWriter(ZONE);
  return element(
    "div",
    { class: "answer" },
    element(
      "header",
      {},
      element("p", { class: "kind" }, "Sightings of a list"),
      element("h1", { tabindex: "-1" }, titleOf(rows.length)),
      factList(facts(listed, { rows, time })),
    ),
    exportButtons(listed),
    rows.length === 0 ? undefined : section(
      { id: "list", title: "Indicators", note: "Those that were seen come first" },
      valueRows(rows, { time, times }),
    ),
    unread.length === 0 ? undefined : section(
      { id: "unread", title: "Not looked up", note: "Each can be asked alone" },
      unreadRows(unread),
    ),
  );
}

/** A value, and what is worked out of its sightings. */
type ListRow = {
  readonly sightings: LiveSightings;
  readonly malicious: number;
  /** Who reported it or, if it was not seen, what else is known. */
  readonly remark: string | undefined;
};

function toRow(sightings: LiveSightings): ListRow {
  const { events, verdicts, organisations } = sightings;
  const [, malicious = 0] = verdicts.find(([category]) => category === "malicious") ?? [];
  const remark = events > 0 ? organisations.join(", ") : listRemark(sightings);
  return { sightings, malicious, remark };
}

/** Those in malicious events first, then by events; of those not seen, those with a remark. */
function byWeight(a: ListRow, b: ListRow): number {
  const isRemarked = ({ remark }: ListRow) => Number(remark !== undefined);
  return b.malicious - a.malicious || b.sightings.events - a.sightings.events ||
    isRemarked(b) - isRemarked(a);
}

function titleOf(values: number): string {
  return values === 0 ? "Nothing was looked up" : counted(values, "indicator");
}

function facts(
  listed: ListedValues,
  { rows, time }: { readonly rows: readonly ListRow[]; readonly time: TimeWriter },
): Fact[] {
  const { unread } = listed;
  const [first] = rows;
  const left = leftOut(listed);
  return [
    ...(first === undefined ? [] : sightingFacts(rows)),
    ...(unread.length === 0 ? [] : [["Not looked up", numberText(unread.length)] as const]),
    ...(first === undefined
      ? []
      : [rangeFact(first.sightings, time), ["Times in", time.zone] as const]),
    ...(left === "" ? [] : [["Left out of the text", left] as const]),
  ];
}

function sightingFacts(rows: readonly ListRow[]): Fact[] {
  const unseen = rows.filter(({ sightings }) => sightings.events === 0);
  const malicious = rows.filter(({ malicious }) => malicious > 0).length;
  const remarked = unseen.filter(({ remark }) => remark !== undefined).length;
  const but = remarked === 0 ? "" : `, ${numberText(remarked)} of them with a remark`;
  return [
    ["Seen", element("strong", {}, numberText(rows.length - unseen.length))],
    ["In malicious events", numberText(malicious)],
    ["Not seen", `${numberText(unseen.length)}${but}`],
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

function valueRows(rows: readonly ListRow[], { time, times }: RowOptions): HTMLElement {
  const moment = (seconds: number | undefined) => seconds === undefined ? "" : time.text(seconds);
  const linkTo = (value: NamedValue) => {
    const question = questionAbout(value);
    return question && questionAddress({ ...question, ...times });
  };
  const list = new VirtualList<ListRow>({
    label: "Indicators",
    columns: ["value", "kind", "events", "verdict", "first seen", "last seen", "remark"],
    cells: ({ sightings: { asked, events, firstSeen, lastSeen }, malicious, remark }) => [
      cellValue(asked, { link: linkTo(asked) }),
      asked.subType,
      numberText(events),
      maliciousText(malicious),
      moment(firstSeen),
      moment(lastSeen),
      remark,
    ],
  });
  list.show(rows);
  return list.element;
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

function maliciousText(number: number): Content {
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
