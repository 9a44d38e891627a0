import type { CountedInterval, PageAnswer } from "../answer.ts";
import { button, element, section } from "../element.ts";
import { numberText } from "../numbers.ts";
import { VirtualList } from "../virtual_list.ts";
import { HistogramView, type OnRange } from "./histogram_view.ts";

/** Shows in which hours, days, weeks or months the events were; the time can be zoomed into. */
export function histogramSection(
  { histogram, zone }: Pick<PageAnswer, "histogram" | "zone">,
  onRange?: OnRange,
): HTMLElement | undefined {
  if (histogram === undefined || histogram.intervals.length === 0) return undefined;
  const { by, intervals } = histogram;
  const status = element("p", { class: "note", role: "status" });
  const plot = element("div", {
    class: "plot",
    role: "slider",
    tabindex: "0",
    "aria-label": `Events by ${by}`,
    "aria-valuemin": "1",
    "aria-valuemax": String(intervals.length),
  });
  const pointed = element("p", { class: "pointed", "aria-hidden": "true" });
  const view = new HistogramView({ by, intervals, zone }, {
    plot,
    status,
    pointed,
    ...(onRange !== undefined && { onRange }),
  });
  const tools = element(
    "div",
    { class: "tools" },
    button("Zoom in", () => view.zoom(0.5)),
    button("Zoom out", () => view.zoom(2)),
    button("All", () => view.showAll()),
    status,
  );
  const help = "Drag over a time to zoom into it, double-click for all of it. Keys: ← → go from " +
    `${by} to ${by}, + − zoom, 0 shows all.`;
  const table = element(
    "details",
    {},
    element("summary", {}, "As a table"),
    intervalList(histogram),
  );
  return section(
    { id: "histogram", title: `Events by ${by}`, note: `In the time zone ${zone}` },
    tools,
    plot,
    pointed,
    element("p", { class: "note" }, help),
    table,
  );
}

function intervalList({ by, intervals }: NonNullable<PageAnswer["histogram"]>): HTMLElement {
  const list = new VirtualList<CountedInterval>({
    label: `Events by ${by}`,
    columns: ["interval", "events"],
    cells: ({ label, events }) => [label, numberText(events)],
  });
  list.show(intervals);
  return list.element;
}
