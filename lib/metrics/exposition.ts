/** What distinguishes the samples of a family. Values are our own constants, never members' data. */
export type Labels = { readonly [name: string]: string };

/** One value of a metric. */
export type Sample = {
  /** What follows the metric's name in the samples of a histogram. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
  readonly labels: Labels;
  readonly value: number;
};

/** Name of a metric, with its unit at the end (`_seconds`), and its meaning, in one sentence. */
export type MetricInfo = { readonly name: string; readonly help: string };

/** All samples of one metric. */
export type Family = MetricInfo & {
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
};

/** Media type of the text that {@link writeExposition} returns. */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Writes Prometheus's text format, version 0.0.4. Every sample also gets the `common` labels. See
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function writeExposition(families: readonly Family[], common: Labels = {}): string {
  const lines = families.flatMap(({ name, help, type, samples }) => [
    `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ suffix = "", labels, value }) =>
      `${name}${suffix}${formatLabels({ ...common, ...labels })} ${formatNumber(value)}`
    ),
  ]);
  return lines.map((line) => line + "\n").join("");
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) =>
    `${name}="${escapeLabelValue(value)}"`
  );
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

function escapeLabelValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function formatNumber(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
