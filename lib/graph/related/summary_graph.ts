import type { Attribute, Hash } from "../../tahoe/instance.ts";
import type { Value } from "../../tahoe/value.ts";
import { AnswerSize } from "../answer_too_large.ts";
import type { RelatedInstance, ResultBuilder } from "./result_builder.ts";
import { ShortestPaths } from "./shortest_paths.ts";

/**
 * The attributes by sub-type, each with the labels of what lies between it and the start, both
 * included: `{domain: [["example.com", ["domain=attribute", "dns=event", "ipv4=attribute"]]], …}`.
 * The path is the shortest one over what was reached; of several, always the same.
 */
export class SummaryGraph implements ResultBuilder {
  readonly #start: Hash;
  readonly #size = new AnswerSize();
  readonly #paths = new ShortestPaths();
  readonly #attributes: Attribute[] = [];

  constructor(start: Hash) {
    this.#start = start;
  }

  add(instance: RelatedInstance): void {
    const { itype, sub_type, _hash } = instance;
    const label = `${sub_type}=${itype}`;
    this.#paths.add(_hash, label, membersOf(instance));
    if (itype !== "attribute") return;
    // Its path is not known yet, but begins with itself.
    this.#size.add([instance.data, [label]]);
    this.#attributes.push(instance);
  }

  data(): Value {
    this.#paths.lead(this.#start);
    const size = new AnswerSize();
    const groups: Record<string, Value[]> = Object.create(null);
    for (const { sub_type, data, _hash } of this.#attributes) {
      const entry = [data, this.#paths.from(_hash)];
      size.add(entry);
      (groups[sub_type] ??= []).push(entry);
    }
    return groups;
  }
}

/** What it is linked to: its children, a session to its events as well. */
function membersOf(instance: RelatedInstance): Iterable<Hash> {
  switch (instance.itype) {
    case "attribute":
      return [];
    case "session":
      return new Set([...instance._cref, ...instance._ref]);
    default:
      return instance._cref;
  }
}
