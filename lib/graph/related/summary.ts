import type { Scalar, Value } from "../../tahoe/value.ts";
import { AnswerSize } from "../answer_too_large.ts";
import type { RelatedInstance, ResultBuilder } from "./result_builder.ts";

/** Groups attributes by sub-type: `{ipv4: ["192.0.2.1", …], …}`. */
export class Summary implements ResultBuilder {
  readonly #size = new AnswerSize();
  readonly #groups: Record<string, Scalar[]> = Object.create(null);

  add(instance: RelatedInstance): void {
    if (instance.itype !== "attribute") return;
    const { sub_type, data } = instance;
    this.#size.add([data]);
    (this.#groups[sub_type] ??= []).push(data);
  }

  data(): Value {
    return this.#groups;
  }
}
