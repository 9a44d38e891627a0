import uPlot from "uplot";
import type { CountedInterval } from "../answer.ts";
import { onColourChange, themeColour } from "../theme.ts";
import { TimeWriter } from "../time.ts";
import type { Span } from "./span.ts";

const HEIGHT = 200;

/** Part of an interval's width that its bar takes, and the widest bar in pixels: of few, none is a wall. */
const BAR_SIZE = [0.86, 96];

export type ChartOptions = {
  readonly intervals: readonly CountedInterval[];
  readonly zone: string;
  /** Called when the mouse has marked a time to zoom into. */
  readonly onSelect: (span: Span) => void;
  readonly onReset: () => void;
  /** Called when the mouse is over an interval. */
  readonly onHover: (index: number) => void;
};

/** Draws numbers of events by time. */
export class Chart {
  readonly #plot: uPlot;
  readonly #intervals: readonly CountedInterval[];

  constructor(parent: HTMLElement, options: ChartOptions) {
    const { intervals } = options;
    this.#intervals = intervals;
    const data: uPlot.AlignedData = [
      // A bar is amid its interval: at the start it would show another time.
      intervals.map((_, index) => middleOf(intervals, index)),
      intervals.map(({ events }) => events),
    ];
    this.#plot = new uPlot(plotOptions(parent.clientWidth, options), data, parent);
    // The container gives the width; the height is always the same.
    new ResizeObserver(() => this.#plot.setSize({ width: parent.clientWidth, height: HEIGHT }))
      .observe(parent);
    onColourChange(() => this.#plot.redraw());
  }

  /** Shows these intervals, in the whole width. */
  show({ first, last }: Span): void {
    const min = this.#intervals[first]!.start;
    this.#plot.setScale("x", { min, max: endOf(this.#intervals, last) });
  }

  /** Marks an interval. */
  mark(index: number): void {
    // A change of scale is drawn later.
    requestAnimationFrame(() => {
      const left = this.#plot.valToPos(middleOf(this.#intervals, index), "x");
      this.#plot.setCursor({ left, top: 0 }, false);
    });
  }
}

/** The end of an interval: the start of the next, or as much later as it is after the previous. */
export function endOf(intervals: readonly CountedInterval[], index: number): number {
  const { start } = intervals[index]!;
  const next = intervals[index + 1];
  if (next !== undefined) return next.start;
  const previous = intervals[index - 1];
  return previous === undefined ? start + 3600 : 2 * start - previous.start;
}

function middleOf(intervals: readonly CountedInterval[], index: number): number {
  return (intervals[index]!.start + endOf(intervals, index)) / 2;
}

function plotOptions(
  width: number,
  { intervals, zone, onSelect, onReset, onHover }: ChartOptions,
): uPlot.Options {
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    legend: { show: false },
    // The last label may be a date, whose middle is the right edge of the chart.
    padding: [8, 40, 0, 0],
    scales: {
      x: { time: true, range: (_plot, min, max) => [min, max] },
      y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.05)] },
    },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => (onReset(), null) },
    },
    axes: [
      {
        ...axis(),
        grid: { show: false },
        space: 84,
        filter: (_plot, times) => bordersAmong(times, intervals),
        values: (_plot, times) => axisTexts(times, zone),
      },
      { ...axis(), size: 52, incrs: WHOLE_STEPS },
    ],
    series: [{}, {
      fill: () => themeColour("--accent"),
      width: 0,
      points: { show: false },
      paths: uPlot.paths.bars!({ size: BAR_SIZE as [number, number] }),
    }],
    hooks: {
      setSelect: [(plot) => {
        const { left, width } = plot.select;
        if (width === 0) return;
        const first = plot.posToVal(left, "x");
        const last = plot.posToVal(left + width, "x");
        onSelect(spanBetween(intervals, first, last));
        plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      }],
      setCursor: [({ cursor: { idx, event } }) => {
        if (event !== undefined && event !== null && typeof idx === "number") onHover(idx);
      }],
    },
  };
}

/** Steps of the axis of numbers: there are no parts of events. */
const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power))
  .flat();

function axis(): uPlot.Axis {
  return {
    stroke: () => themeColour("--muted"),
    grid: { stroke: () => themeColour("--line"), width: 1 },
    ticks: { stroke: () => themeColour("--line"), width: 1, size: 4 },
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  };
}

/** Leaves out times inside an interval, of which the chart shows nothing; all stay if no other is there. */
function bordersAmong(
  times: readonly number[],
  intervals: readonly CountedInterval[],
): (number | null)[] {
  const borders = new Set(intervals.map(({ start }) => start));
  if (intervals.length > 0) borders.add(endOf(intervals, intervals.length - 1));
  return times.some((time) => borders.has(time))
    ? times.map((time) => borders.has(time) ? time : null)
    : [...times];
}

/** Writes the times below the chart: days, or hours with the day where it changes. */
function axisTexts(seconds: readonly (number | null)[], zone: string): string[] {
  const time = new TimeWriter(zone);
  const texts = seconds.map((each) => each === null ? undefined : time.text(each));
  const isMidnight = (text: string | undefined) => text?.slice(11, 16) === "00:00";
  const areDays = texts.every((text) => text === undefined || isMidnight(text));
  let before: string | undefined;
  return texts.map((text) => {
    if (text === undefined) return "";
    const [day, hour] = [text.slice(0, 10), text.slice(11, 16)];
    const isSame = day === before;
    before = day;
    if (areDays) return day;
    return isSame ? hour : `${hour}\n${day}`;
  });
}

/** The intervals that are at least partly between two moments. */
function spanBetween(intervals: readonly CountedInterval[], from: number, to: number): Span {
  const first = intervals.findLastIndex(({ start }) => start <= from);
  const last = intervals.findLastIndex(({ start }) => start < to);
  return { first: Math.max(0, first), last: Math.max(0, last) };
}
