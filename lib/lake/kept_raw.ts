import type { Hash, Instance, Raw } from "../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../tahoe/instances.ts";
import type { Fields } from "../tahoe/value.ts";
import type { Claim, Outcome } from "./lake.ts";

/**
 * The outcome of an entry that cannot be archived again, for example because a key is missing, but
 * whose Raw an earlier run stored: the entry keeps the Raw, and what became of its events. Undefined
 * if the archive has no Raw of the entry.
 */
export async function keptRaw(
  { entry }: Claim,
  failure: Outcome,
  archive: Pick<InstanceStore, "get">,
): Promise<Extract<Outcome, { readonly state: "SUCCESS" }> | undefined> {
  const raw = (await archive.get(earlierRefs(entry), leaveOut)).findLast(isRaw);
  if (raw === undefined) return undefined;
  const source = raw._sources?.findLast(({ orgid }) => orgid === entry["orgid"]);
  const reason = `Kept the Raw of an earlier run: ${failure.reason}`;
  return {
    state: "SUCCESS",
    ref: raw._hash,
    reason,
    ...(source?.events === "rejected" && { events: "rejected" }),
  };
}

/** Hashes of the Raws that earlier runs made of an entry. */
export function earlierRefs({ _ref }: Fields): Hash[] {
  return Array.isArray(_ref) ? _ref.filter((hash) => typeof hash === "string") : [];
}

function isRaw(instance: Instance): instance is Raw {
  return instance.itype === "raw";
}
