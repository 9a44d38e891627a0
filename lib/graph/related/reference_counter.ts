import type { AttributeName } from "../../tahoe/attribute.ts";
import type { Hash } from "../../tahoe/instance.ts";
import type { Value } from "../../tahoe/value.ts";
import { AnswerSize } from "../answer_too_large.ts";
import type { RelatedInstance, ResultBuilder } from "./result_builder.ts";

/** An attribute of an answer, and how many of the answer's events hold it. */
export type CountedAttribute = AttributeName & { readonly events: number };

/** Passes instances on, and counts for each attribute the events that hold it. */
export class ReferenceCounter implements ResultBuilder {
  readonly #result: ResultBuilder;
  readonly #size = new AnswerSize();
  readonly #counts = new Map<Hash, number>();
  readonly #attributes: (AttributeName & { readonly hash: Hash })[] = [];

  /** `result` receives what is added. */
  constructor(result: ResultBuilder) {
    this.#result = result;
  }

  add(instance: RelatedInstance): void {
    this.#result.add(instance);
    const { itype, sub_type: subType, _hash: hash } = instance;
    if (itype === "event") {
      for (const each of new Set(instance._ref)) {
        this.#counts.set(each, (this.#counts.get(each) ?? 0) + 1);
      }
    } else if (itype === "attribute") {
      this.#size.add([subType, instance.data]);
      this.#attributes.push({ subType, data: instance.data, hash });
    }
  }

  data(): Value {
    return this.#result.data();
  }

  /** Returns the attributes that were added, those that most events hold first. */
  attributes(): CountedAttribute[] {
    return this.#attributes
      .map(({ hash, ...name }) => ({ ...name, events: this.#counts.get(hash) ?? 0 }))
      .sort((a, b) => b.events - a.events);
  }
}
