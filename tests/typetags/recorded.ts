import { parseJson } from "../../lib/tahoe/json.ts";
import type { Hash, Instance, Raw } from "../../lib/tahoe/instance.ts";
import { type Fields, isFields, type Value } from "../../lib/tahoe/value.ts";
import { readVectors } from "../vectors.ts";
import type { Upload } from "./archived.ts";

/** What an upload's Raw held in the end; null for a field that it did not have. */
export type RawUpdate = {
  readonly _hash: Hash;
  readonly filters: readonly string[] | null;
  readonly _valid: false | null;
  readonly _ref: readonly Hash[] | null;
};

export type Recorded = {
  readonly id: string;
  readonly now: number;
  readonly uploads: readonly Upload[];
  readonly documents: readonly Instance[];
  /** One for each upload; null if its Raw could not be stored. */
  readonly rawUpdates: readonly (RawUpdate | null)[];
  /** The result rests on what the process did before. */
  readonly bug: boolean;
};

/** What the existing system's filters made of uploads, case by case. */
export async function recordedCases(): Promise<Recorded[]> {
  const { cases } = exact(parseJson(await readVectors("filters.json"))) as { cases: Fields[] };
  return cases.map((fields) => ({
    id: fields["id"] as string,
    now: fields["now"] as number,
    uploads: (fields["inputs"] ?? [fields]) as unknown as Upload[],
    documents: (fields["documents"] as unknown as Instance[]).filter((one) => !isMock(one)),
    rawUpdates: fields["raw_updates"] as unknown as (RawUpdate | null)[],
    bug: "bug" in fields,
  }));
}

/** JSON has no NaN: it stands there as an object. */
function exact(value: Value): Value {
  if (Array.isArray(value)) return value.map(exact);
  if (!isFields(value)) return value;
  if (typeof value["$numberDouble"] === "string") return Number(value["$numberDouble"]);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, exact(member)]));
}

// Reading a document makes it there; it belongs to no upload.
function isMock({ itype, sub_type, data }: Instance): boolean {
  return itype === "attribute" && sub_type === "mock" && data === "mock";
}

/** Whether an exception ended the pass at this upload, or at one before it. */
export function isUnread(update: RawUpdate): boolean {
  return update.filters === null && update._valid === null;
}

/** What is recorded of some of the uploads: their Raws, and the documents these refer to. */
export function documentsOf(
  { documents, rawUpdates }: Pick<Recorded, "documents" | "rawUpdates">,
  uploads: readonly number[],
): readonly Instance[] {
  const byHash = new Map(documents.map((document) => [document._hash, document]));
  const updates = uploads.map((index) => rawUpdates[index]!);
  const kept = new Set(updates.flatMap(({ _hash, _ref }) => [_hash, ...childrenToo(_ref, byHash)]));
  return documents.filter(({ _hash }) => kept.has(_hash)).map((document) => {
    switch (document.itype) {
      case "raw":
        return asUpdated(document, updates.find(({ _hash }) => _hash === document._hash)!);
      case "session":
        return { ...document, _ref: document._ref.filter((hash) => kept.has(hash)) };
      default:
        return document;
    }
  });
}

// A Raw refers to the events with all they hold, and to sessions without.
function childrenToo(refs: RawUpdate["_ref"], byHash: ReadonlyMap<Hash, Instance>): Hash[] {
  return (refs ?? []).flatMap((hash) => {
    const document = byHash.get(hash);
    return document?.itype === "session" ? [hash, ...document._cref] : [hash];
  });
}

function asUpdated(raw: Raw, { filters, _valid, _ref }: RawUpdate): Raw {
  const { filters: _1, _valid: _2, _ref: _3, ...plain } = raw;
  return {
    ...plain,
    ...(filters !== null && { filters }),
    ...(_valid !== null && { _valid }),
    ..._ref !== null && { _ref },
  };
}
