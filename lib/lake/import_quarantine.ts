import type { Source } from "../tahoe/instance.ts";
import type { ImportedRaw, InstanceStore } from "../tahoe/instances.ts";
import type { EntrySummary } from "./lake.ts";

/** An import of which no event was made, like the entry of an upload; its id is its Raw's hash. */
export type ImportSummary = EntrySummary & { readonly imported: true };

/**
 * Lists the imports whose filter rejected all events, and those of types that no filter read, by Raw.
 * An organisation's imports of the same data count no more once events were made of it.
 */
export async function listQuarantinedImports(
  archive: Pick<InstanceStore, "importedWithoutEvents">,
): Promise<ImportSummary[]> {
  const raws = await Array.fromAsync(archive.importedWithoutEvents());
  return raws.flatMap((raw) => {
    const made = new Set(
      raw._sources.filter(({ events }) => events === "made").map(({ orgid }) => orgid),
    );
    return raw._sources
      .filter(({ orgid, file }) => file !== undefined && !made.has(orgid))
      .map((source) => summarize(raw, source));
  });
}

function summarize(
  { _hash, sub_type: typetag }: ImportedRaw,
  { orgid, timestamp, file = _hash, events, reason }: Source,
): ImportSummary {
  return {
    id: _hash,
    state: "SUCCESS",
    name: file,
    typetag,
    orgid,
    timestamp,
    size: null,
    attempts: 0,
    reason: reason ?? `No filter reads ${typetag}`,
    refs: [_hash],
    ...(events === "rejected" && { events }),
    imported: true,
  };
}
