import type { Fields } from "../../tahoe/value.ts";
import { uuidsOf, uuidsReferred } from "../../typetags/misp/referred.ts";
import { IdTable } from "./id_table.ts";

/** Which members of a large MISP event, by their index, the references of others are about. */
export class MispReferences {
  readonly #uuids = new IdTable();
  /** Members that have a UUID, in their order: the last one that is read counts. */
  readonly #having = new Map<number, number[]>();
  readonly #referred = new Map<number, readonly number[]>();

  add(index: number, member: Fields): void {
    for (const uuid of new Set(uuidsOf(member))) {
      const number = this.#uuids.numberOf(uuid);
      const having = this.#having.get(number) ?? [];
      this.#having.set(number, having);
      having.push(index);
    }
    const referred = uuidsReferred(member).map((uuid) => this.#uuids.numberOf(uuid));
    if (referred.length > 0) this.#referred.set(index, referred);
  }

  /** The members that must be in one part with a member, for each UUID that its references name. */
  neededBy(index: number): readonly (readonly number[])[] {
    const referred = this.#referred.get(index) ?? [];
    return referred.map((number) => this.#having.get(number) ?? []);
  }
}
