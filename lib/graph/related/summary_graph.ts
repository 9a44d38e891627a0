import type { Attribute, Hash } from "../../tahoe/instance.ts";
import type { Value } from "../../tahoe/value.ts";
import { AnswerSize } from "../answer_too_large.ts";
import type { RelatedInstance, ResultBuilder } from "./result_builder.ts";
import { ShortestPaths } from "./shortest_paths.ts";

/**
 * Groups attributes by sub-type, each with the labels on its path to the nearest of the starts,
 * both included:
 * `{domain: [["example.com", ["domain=attribute", "dns=event", "ipv4=attribute"]]], …}`. It is the
 * shortest path over the instances that were added; among equally short ones, always the same.
 */
export class SummaryGraph implements ResultBuilder {
  readonly #starts: readonly Hash[];
  readonly #size = new AnswerSize();
  readonly #paths = new ShortestPaths();
  readonly #attributes: Attribute[] = [];

  constructor(starts: readonly Hash[]) {
    this.#starts = starts;
  }

  add(instance: RelatedInstance): void {
    const { itype, sub_type, _hash } = instance;
    const label = `${sub_type}=${itype}`;
    this.#paths.add(_hash, label, linkedHashes(instance));
    if (itype !== "attribute") return;
    // The path is not known yet, but begins with the attribute itself.
    this.#size.add([instance.data, [label]]);
    this.#attributes.push(instance);
  }

  data(): Value {
    this.#paths.findPathsTo(this.#starts);
    const size = new AnswerSize();
    const groups: Record<string, Value[]> = Object.create(null);
    for (const { sub_type, data, _hash } of this.#attributes) {
      const dataAndPath = [data, this.#paths.pathFrom(_hash)];
      size.add(dataAndPath);
      (groups[sub_type] ??= []).push(dataAndPath);
    }
    return groups;
  }
}

/** Returns the instance's children, and for a session also its events. */
function linkedHashes(instance: RelatedInstance): Iterable<Hash> {
  switch (instance.itype) {
    case "attribute":
      return [];
    case "session":
      return new Set([...instance._cref, ...instance._ref]);
    default:
      return instance._cref;
  }
}
