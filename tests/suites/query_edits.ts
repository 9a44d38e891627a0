import { attribute } from "../../lib/tahoe/attribute.ts";
import type { Edit } from "../../lib/tahoe/edit.ts";
import type { Hash, TahoeObject } from "../../lib/tahoe/instance.ts";
import type { Scalar } from "../../lib/tahoe/value.ts";

/**
 * The edit that gives a query another status; nothing if it has that one. Throws RangeError if there
 * is no such status.
 */
export function statusEdit(query: TahoeObject, status: string): Edit | undefined {
  if (!["wait", "processing", "ready", "failed"].includes(status)) {
    throw new RangeError(`No such query status: ${status}`);
  }
  return exchange(query, "status", status);
}

/** The edit that names the report which answers a query; nothing if it names that one. */
export function reportIdEdit(query: TahoeObject, reportId: Hash): Edit | undefined {
  return exchange(query, "report_id", reportId);
}

function exchange(query: TahoeObject, subType: string, data: string): Edit | undefined {
  const remove = attribute(subType, query.data[subType]?.[0] as Scalar);
  const add = attribute(subType, data);
  return add._hash === remove._hash ? undefined : { remove, add };
}
