import { attribute } from "../../lib/tahoe/attribute.ts";
import type { Edit } from "../../lib/tahoe/edit.ts";
import type { Hash, TahoeObject } from "../../lib/tahoe/instance.ts";
import type { Scalar } from "../../lib/tahoe/value.ts";

/**
 * The edit that changes a query's status; undefined if it has that status.
 *
 * @throws {RangeError} when there is no such status.
 */
export function statusEdit(query: TahoeObject, status: string): Edit | undefined {
  if (!["wait", "processing", "ready", "failed"].includes(status)) {
    throw new RangeError(`Cannot set query status ${status}: there is no such status`);
  }
  return replaceAttribute(query, "status", status);
}

/** The edit that sets the report which answers a query; undefined if it is set. */
export function reportIdEdit(query: TahoeObject, reportId: Hash): Edit | undefined {
  return replaceAttribute(query, "report_id", reportId);
}

function replaceAttribute(query: TahoeObject, subType: string, data: string): Edit | undefined {
  const remove = attribute(subType, query.data[subType]?.[0] as Scalar);
  const add = attribute(subType, data);
  return add._hash === remove._hash ? undefined : { remove, add };
}
