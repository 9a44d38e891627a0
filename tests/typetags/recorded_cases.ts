import { parseJson } from "../../lib/tahoe/json.ts";
import type { Hash, Instance, Raw } from "../../lib/tahoe/instance.ts";
import { type Fields, isFields, type Value } from "../../lib/tahoe/value.ts";
import { readVectors } from "../vectors.ts";
import type { PlainUpload } from "./archive_upload.ts";

/** Fields of an upload's Raw after the case; null for a field that it did not have. */
export type RawUpdate = {
  readonly _hash: Hash;
  readonly filters: readonly string[] | null;
  readonly _valid: false | null;
  readonly _ref: readonly Hash[] | null;
};

/** Uploads, and what the existing system's filters made of them. */
export type RecordedCase = {
  readonly id: string;
  readonly now: number;
  readonly uploads: readonly PlainUpload[];
  readonly documents: readonly Instance[];
  /** One per upload; null if its Raw could not be stored. */
  readonly rawUpdates: readonly (RawUpdate | null)[];
  /** True if the result depends on what the process did before. */
  readonly bug: boolean;
};

/** All recorded cases. */
export async function recordedCases(): Promise<RecordedCase[]> {
  const { cases } = restoreNaN(parseJson(await readVectors("filters.json"))) as { cases: Fields[] };
  return cases.map((fields) => ({
    id: fields["id"] as string,
    now: fields["now"] as number,
    uploads: (fields["inputs"] ?? [fields]) as unknown as PlainUpload[],
    documents: (fields["documents"] as unknown as Instance[]).filter((one) => !isMock(one)),
    rawUpdates: fields["raw_updates"] as unknown as (RawUpdate | null)[],
    bug: "bug" in fields,
  }));
}

/** Replaces the objects that stand for NaN, which JSON does not have. */
function restoreNaN(value: Value): Value {
  if (Array.isArray(value)) return value.map(restoreNaN);
  if (!isFields(value)) return value;
  if (typeof value["$numberDouble"] === "string") return Number(value["$numberDouble"]);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, restoreNaN(member)]),
  );
}

// The existing system stores it when it reads a document; it does not belong to an upload.
function isMock({ itype, sub_type, data }: Instance): boolean {
  return itype === "attribute" && sub_type === "mock" && data === "mock";
}

/** True if an exception stopped the filters at this upload or at an earlier one. */
export function isUnread(update: RawUpdate): boolean {
  return update.filters === null && update._valid === null;
}

/** What is recorded for some of the uploads: their Raws and the documents that these refer to. */
export function documentsOf(
  { documents, rawUpdates }: Pick<RecordedCase, "documents" | "rawUpdates">,
  uploads: readonly number[],
): readonly Instance[] {
  const byHash = new Map(documents.map((document) => [document._hash, document]));
  const updates = uploads.map((index) => rawUpdates[index]!);
  const kept = new Set(
    updates.flatMap(({ _hash, _ref }) => [_hash, ...withSessionChildren(_ref, byHash)]),
  );
  return documents.filter(({ _hash }) => kept.has(_hash)).map((document) => {
    switch (document.itype) {
      case "raw":
        return applyUpdate(document, updates.find(({ _hash }) => _hash === document._hash)!);
      case "session":
        return { ...document, _ref: document._ref.filter((hash) => kept.has(hash)) };
      default:
        return document;
    }
  });
}

// A Raw refers to events and their descendants, but only to sessions themselves.
function withSessionChildren(refs: RawUpdate["_ref"], byHash: ReadonlyMap<Hash, Instance>): Hash[] {
  return (refs ?? []).flatMap((hash) => {
    const document = byHash.get(hash);
    return document?.itype === "session" ? [hash, ...document._cref] : [hash];
  });
}

function applyUpdate(raw: Raw, { filters, _valid, _ref }: RawUpdate): Raw {
  const { filters: _1, _valid: _2, _ref: _3, ...plain } = raw;
  return {
    ...plain,
    ...(filters !== null && { filters }),
    ...(_valid !== null && { _valid }),
    ...(_ref !== null && { _ref }),
  };
}
