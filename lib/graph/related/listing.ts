import type { Fields, Value } from "../../tahoe/value.ts";
import { AnswerSize } from "../answer_too_large.ts";
import type { RelatedInstance, ResultBuilder } from "./result_builder.ts";

/** Itype of the instances that a listing contains. */
export type ListedType = RelatedInstance["itype"] | "all";

/** Lists whole instances: `[{itype: "attribute", …}, …]`. */
export class Listing implements ResultBuilder {
  readonly #returnType: ListedType;
  readonly #size = new AnswerSize();
  readonly #documents: Fields[] = [];

  constructor(returnType: ListedType) {
    this.#returnType = returnType;
  }

  add(instance: RelatedInstance): void {
    if (this.#returnType !== "all" && instance.itype !== this.#returnType) return;
    const document = instance as unknown as Fields;
    this.#size.add(document);
    this.#documents.push(document);
  }

  data(): Value {
    return this.#documents;
  }
}
