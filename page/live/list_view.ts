import { exportFileName } from "../../lib/answers/export/file_name.ts";
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
import { questionAddress, ZONE } from "./live_question.ts";
import type { LiveSightings } from "./sightings.ts";

/** Shows what is known of the values of a list: a row for each, those that were seen first. */
export function listView(listed: ListedValues): HTMLElement {
  const { values, unread } = listed;
  const time = new TimeWriter(ZONE);
  return element(
    "div",
    { class: "answer" },
    element(
      "header",
      {},
      element("p", { class: "kind" }, "Sightings of a list"),
      element("h1", { tabindex: "-1" }, counted(values.length, "indicator")),
      factList(facts(listed, time)),
    ),
    exportButtons(listed),
    values.length === 0 ? undefined : section(
      { id: "list", title: "Indicators", note: "Those that were seen come first" },
      valueRows(values, time),
    ),
    unread.length === 0 ? undefined : section(
      {
        id: "unread",
        title: "Not looked up",
        note: "What each could be asked as, or what is wrong",
      },
      unreadRows(unread),
    ),
  );
}

function facts(
  { values, unread, skipped, unreadColumns }: ListedValues,
  time: TimeWriter,
): Fact[] {
  const seen = values.filter(isSeen).length;
  const malicious = values.filter((each) => numberOfMalicious(each) > 0).length;
  const skippedTexts = skipped.map(([what, times]) => `${what}: ${numberText(times)}`);
  const left = [
    ...skippedTexts,
    ...(unreadColumns.length === 0 ? [] : [`columns: ${unreadColumns.join(", ")}`]),
  ];
  const [first] = values;
  return [
    ["Seen", element("strong", {}, numberText(seen))],
    ["In malicious events", numberText(malicious)],
    ["Not seen", numberText(values.length - seen)],
    ...(unread.length === 0 ? [] : [["Not looked up", numberText(unread.length)] as const]),
    ...(left.length === 0 ? [] : [["Left out of the text", left.join(", ")] as const]),
    ...(first === undefined ? [] : [rangeFact(first, time)]),
    ["Times in", time.zone],
  ];
}

function valueRows(values: readonly LiveSightings[], time: TimeWriter): HTMLElement {
  const moment = (seconds: number | undefined) => seconds === undefined ? "" : time.text(seconds);
  const list = new VirtualList<LiveSightings>({
    label: "Indicators",
    columns: ["value", "kind", "events", "verdict", "first seen", "last seen", "reported by"],
    cells: (sightings) => [
      cellValue(sightings.asked),
      sightings.asked.subType,
      numberText(sightings.events),
      maliciousText(sightings),
      moment(sightings.firstSeen),
      moment(sightings.lastSeen),
      sightings.organisations.join(", "),
    ],
  });
  list.show(values.toSorted((a, b) => Number(isSeen(b)) - Number(isSeen(a))));
  return list.element;
}

function unreadRows(unread: readonly UnreadValue[]): HTMLElement {
  const list = new VirtualList<UnreadValue>({
    label: "Not looked up",
    columns: ["value", "reason"],
    cells: ({ value, reason }) => [
      ownLink(value),
      cellValue({ subType: "reason", data: reason }),
    ],
  });
  list.show(unread);
  return list.element;
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
