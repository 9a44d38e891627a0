import type { Fields, Value } from "../tahoe/value.ts";
import { AnswerSize } from "./answer_size.ts";
import type { Form, Reached } from "./form.ts";

/** Which instances a listing shows. */
export type ReturnType = Reached["itype"] | "all";

/** The documents themselves: `[{itype: "attribute", …}, …]`. */
export class Listing implements Form {
  readonly #returnType: ReturnType;
  readonly #size = new AnswerSize();
  readonly #documents: Fields[] = [];

  constructor(returnType: ReturnType) {
    this.#returnType = returnType;
  }

  add(instance: Reached): void {
    if (this.#returnType !== "all" && instance.itype !== this.#returnType) return;
    const document = instance as unknown as Fields;
    this.#size.add(document);
    this.#documents.push(document);
  }

  data(): Value {
    return this.#documents;
  }
}
