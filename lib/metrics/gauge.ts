import type { Family, Labels, MetricInfo } from "./exposition.ts";

/** A family with one sample: a value as it is now. */
export function gauge(info: MetricInfo, value: number, labels: Labels = {}): Family {
  return { ...info, type: "gauge", samples: [{ labels, value }] };
}

/** A family with one sample for each key of `values`; the key becomes the value of `label`. */
export function gaugeBy(
  info: MetricInfo,
  label: string,
  values: { readonly [key: string]: number },
): Family {
  const samples = Object.entries(values)
    .map(([key, value]) => ({ labels: { [label]: key }, value }));
  return { ...info, type: "gauge", samples };
}
