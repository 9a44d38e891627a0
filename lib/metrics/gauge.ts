import type { Family, Labels } from "./exposition.ts";

/** A family of one value as it is now. */
export function gauge(name: string, help: string, value: number, labels: Labels = {}): Family {
  return { name, help, type: "gauge", samples: [{ labels, value }] };
}

/** A family of one value for each name, which stands in the label. */
export function gaugeBy(
  label: string,
  name: string,
  help: string,
  values: { readonly [value: string]: number },
): Family {
  const samples = Object.entries(values)
    .map(([key, value]) => ({ labels: { [label]: key }, value }));
  return { name, help, type: "gauge", samples };
}
