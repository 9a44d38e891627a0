import type { CountedInterval, PageAnswer } from "../answer.ts";
import { button, element, section } from "../element.ts";
import { counted, numberText } from "../numbers.ts";
import { VirtualList } from "../virtual_list.ts";
import { Chart } from "./chart.ts";
import { chartKeys } from "./chart_keys.ts";
import { type Span, spanText, spanWith, wholeSpan, zoomedSpan } from "./span.ts";

/** Shows in which hours, days, weeks or months the events were; the time can be zoomed into. */
export function histogramSection({ histogram, zone }: PageAnswer): HTMLElement | undefined {
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
  const view = new HistogramView({ by, intervals, zone }, { plot, status, pointed });
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

type HistogramData = {
  readonly by: string;
  readonly intervals: readonly CountedInterval[];
  readonly zone: string;
};

type HistogramElements = {
  readonly plot: HTMLElement;
  readonly status: HTMLElement;
  readonly pointed: HTMLElement;
};

/** What is shown of a histogram, and which interval the reader points at. */
class HistogramView {
  readonly #data: HistogramData;
  readonly #elements: HistogramElements;
  readonly #whole: Span;
  #span: Span;
  #at: number;
  #chart: Chart | undefined;

  constructor(data: HistogramData, elements: HistogramElements) {
    this.#data = data;
    this.#elements = elements;
    this.#whole = wholeSpan(data.intervals);
    this.#span = this.#whole;
    // The latest interval that has events.
    this.#at = Math.max(0, data.intervals.findLastIndex(({ events }) => events > 0));
    chartKeys(elements.plot, {
      move: (by) => this.#point(this.#at + by),
      toEnd: (end) => this.#point(this.#whole[end]),
      zoom: (factor) => this.zoom(factor),
      showAll: () => this.showAll(),
    });
    this.#say();
    // The chart needs the width that its place has in the document.
    requestAnimationFrame(() => {
      this.#chart = this.#draw();
      this.#show(this.#whole);
    });
  }

  zoom(factor: number): void {
    this.#show(zoomedSpan(this.#span, { factor, at: this.#at, whole: this.#whole }));
  }

  showAll(): void {
    this.#show(this.#whole);
  }

  #draw(): Chart {
    const { intervals, zone } = this.#data;
    return new Chart(this.#elements.plot, {
      intervals,
      zone,
      onSelect: (span) => {
        this.#at = span.first;
        this.#show(span);
      },
      onReset: () => this.showAll(),
      onHover: (index) => {
        this.#at = index;
        this.#say();
      },
    });
  }

  #point(index: number): void {
    this.#at = Math.min(this.#whole.last, Math.max(0, index));
    this.#show(spanWith(this.#span, this.#at, this.#whole));
    this.#chart?.mark(this.#at);
  }

  #show(span: Span): void {
    this.#span = span;
    this.#chart?.show(span);
    this.#say();
  }

  #say(): void {
    const { intervals, by } = this.#data;
    const { plot, status, pointed } = this.#elements;
    const { label, events } = intervals[this.#at]!;
    pointed.textContent = `${label}: ${counted(events, "event")}`;
    plot.setAttribute("aria-valuenow", String(this.#at + 1));
    plot.setAttribute("aria-valuetext", pointed.textContent);
    status.textContent = spanText(intervals, this.#span, by);
  }
}
