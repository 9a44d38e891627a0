import type { Category } from "../../tahoe/instance.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import type { Draft } from "./draft.ts";
import type { Observables } from "./observables.ts";
import { itemsOf } from "./paths.ts";
import { parsePattern } from "./pattern.ts";
import { buildObservable } from "./pattern_observable.ts";
import { safeName } from "./safe_name.ts";

/** Values of `indicator_types` and, before STIX 2.1, of `labels`; with `-` for blanks and `_`. */
const MALICIOUS = new Set([
  "anomalous-activity",
  "compromised",
  "malicious-activity",
  'misp:to-ids="true"',
]);
const BENIGN = "benign";

/** Reads each indicator once. */
export class Indicators {
  readonly #observables: Observables;
  readonly #collector: InstanceCollector;
  readonly #values = new Map<Fields, readonly Draft[]>();

  constructor(observables: Observables, collector: InstanceCollector) {
    this.#observables = observables;
    this.#collector = collector;
  }

  /** What an indicator's pattern looks for. Empty, and counted, if the pattern is not supported. */
  draftValues(indicator: Fields): readonly Draft[] {
    const known = this.#values.get(indicator);
    if (known !== undefined) return known;
    const values = this.#readIndicator(indicator);
    this.#values.set(indicator, values);
    return values;
  }

  #readIndicator({ pattern, pattern_type: language = "stix" }: Fields): readonly Draft[] {
    if (typeof pattern !== "string") this.#collector.skip("indicator without a pattern");
    else if (!isStix(language)) this.#collector.skip(`pattern of type ${safeName(language)}`);
    else return this.#readPattern(pattern);
    return [];
  }

  #readPattern(pattern: string): readonly Draft[] {
    try {
      const observables = parsePattern(pattern).map(buildObservable);
      return observables.flatMap((observable) => this.#observables.draft(observable) ?? []);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      this.#collector.skip(`pattern: ${error.message}`);
      return [];
    }
  }
}

function isStix(language: Value): boolean {
  return typeof language === "string" && language.toLowerCase() === "stix";
}

/** The category of what an indicator looks for; malicious if it is labelled both ways. */
export function categoryOf(indicator: Fields): Category {
  const labels = [...itemsOf(indicator["indicator_types"]), ...itemsOf(indicator["labels"])]
    .map((label) => typeof label === "string" ? label.toLowerCase().replaceAll(/[ _]/g, "-") : "");
  if (labels.some((label) => MALICIOUS.has(label))) return "malicious";
  return labels.includes(BENIGN) ? "benign" : "unknown";
}
