import type { CountedInterval } from "../answer.ts";
import { counted } from "../numbers.ts";
import { Chart, endOf } from "./chart.ts";
import { chartKeys } from "./chart_keys.ts";
import { type Span, spanText, spanWith, wholeSpan, zoomedSpan } from "./span.ts";

/** What a histogram is made of. */
export type HistogramData = {
  readonly by: string;
  readonly intervals: readonly CountedInterval[];
  readonly zone: string;
};

/** A time, in seconds since 1970: from a moment on, up to another. */
export type TimeRange = { readonly from: number; readonly to: number };

/** Called when the reader has zoomed into a time, or out of it; undefined for all times. */
export type OnRange = (range: TimeRange | undefined) => void;

/** Milliseconds after the last step of zooming. */
const SETTLED_MS = 600;

/** Where a histogram is shown, and where it is said in words. */
export type HistogramElements = {
  readonly plot: HTMLElement;
  readonly status: HTMLElement;
  readonly pointed: HTMLElement;
  readonly onRange?: OnRange;
};

/** What is shown of a histogram, and which interval the reader points at. */
export class HistogramView {
  readonly #data: HistogramData;
  readonly #elements: HistogramElements;
  readonly #whole: Span;
  #span: Span;
  #at: number;
  #chart: Chart | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;

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
    const { first, last } = this.#span;
    const isWhole = first === this.#whole.first && last === this.#whole.last;
    if (factor > 1 && isWhole) return this.#settle(this.#wider(factor));
    this.#show(zoomedSpan(this.#span, { factor, at: this.#at, whole: this.#whole }));
    this.#settle(this.#range());
  }

  showAll(): void {
    this.#show(this.#whole);
    this.#settle(undefined);
  }

  /** The time that is shown. */
  #range(): TimeRange {
    const { intervals } = this.#data;
    const { first, last } = this.#span;
    // The last moment belongs to it, the next one does not.
    return { from: intervals[first]!.start, to: endOf(intervals, last) - 1e-6 };
  }

  /** The time that is shown, and more on both sides. */
  #wider(factor: number): TimeRange {
    const { from, to } = this.#range();
    const more = (to - from) * (factor - 1) / 2;
    return { from: from - more, to: to + more };
  }

  /** Tells the range once zooming has ended. */
  #settle(range: TimeRange | undefined): void {
    clearTimeout(this.#settling);
    const { onRange } = this.#elements;
    if (onRange !== undefined) this.#settling = setTimeout(() => onRange(range), SETTLED_MS);
  }

  #draw(): Chart {
    const { intervals, zone } = this.#data;
    return new Chart(this.#elements.plot, {
      intervals,
      zone,
      onSelect: (span) => {
        this.#at = span.first;
        this.#show(span);
        this.#settle(this.#range());
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
