/** What tells one sample of a family from another; names as constants, never data of others. */
export type Labels = { readonly [name: string]: string };

export type Sample = {
  /** What a histogram's samples are called beside its name. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
  readonly labels: Labels;
  readonly value: number;
};

/** What a metric is called, with its unit at the end (`_seconds`), and what it says, in a sentence. */
export type About = { readonly name: string; readonly help: string };

/** All samples of one metric. */
export type Family = About & {
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
};

/** The media type of what {@link exposition} returns. */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Prometheus's text format, version 0.0.4. Every sample gets the `common` labels, too. See
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function exposition(families: readonly Family[], common: Labels = {}): string {
  const lines = families.flatMap(({ name, help, type, samples }) => [
    `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ suffix = "", labels, value }) =>
      `${name}${suffix}${labelText({ ...common, ...labels })} ${numberText(value)}`
    ),
  ]);
  return lines.map((line) => line + "\n").join("");
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
