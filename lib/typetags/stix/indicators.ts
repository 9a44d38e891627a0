import type { Category } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { embedded } from "./embedded.ts";
import type { Observables } from "./observables.ts";
import { itemsOf } from "./paths.ts";
import { parsePattern } from "./pattern.ts";
import { safeName } from "./safe_name.ts";
import type { Draft } from "./draft.ts";

/** Words of `indicator_types` and, before STIX 2.1, of `labels`. */
const MALICIOUS = new Set([
  ...["anomalous-activity", "compromised", "malicious-activity", 'misp:to_ids="true"'],
]);
const BENIGN = "benign";

/** Reads indicators, each once. */
export class Indicators {
  readonly #observables: Observables;
  readonly #collector: InstanceCollector;
  readonly #values = new Map<Fields, readonly Draft[]>();

  constructor(observables: Observables, collector: InstanceCollector) {
    this.#observables = observables;
    this.#collector = collector;
  }

  /** What an indicator's pattern looks for; one that says more than is read here is counted. */
  valuesOf(indicator: Fields): readonly Draft[] {
    const known = this.#values.get(indicator);
    if (known !== undefined) return known;
    const values = this.#read(indicator);
    this.#values.set(indicator, values);
    return values;
  }

  #read({ pattern, pattern_type: language = "stix" }: Fields): readonly Draft[] {
    if (typeof pattern !== "string") this.#collector.skip("indicator without a pattern");
    else if (language !== "stix") this.#collector.skip(`pattern of type ${safeName(language)}`);
    else return this.#readStix(pattern);
    return [];
  }

  #readStix(pattern: string): readonly Draft[] {
    try {
      const observables = parsePattern(pattern).map(embedded);
      return observables.flatMap((observable) => this.#observables.read(observable) ?? []);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      this.#collector.skip(`pattern: ${error.message}`);
      return [];
    }
  }
}

/** How what an indicator looks for is to be seen: malicious, if it says both. */
export function categoryOf(indicator: Fields): Category {
  const labels = [...itemsOf(indicator["indicator_types"]), ...itemsOf(indicator["labels"])]
    .map((label) => typeof label === "string" ? label.toLowerCase() : "");
  if (labels.some((label) => MALICIOUS.has(label))) return "malicious";
  return labels.includes(BENIGN) ? "benign" : "unknown";
}
