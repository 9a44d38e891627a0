import { reportHash } from "./hash.ts";
import type { Details, Evidence, Hash, Report } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";
import type { Value } from "./value.ts";

export type ReportOptions = {
  /** Hash of the user who asked. */
  readonly userid: string;
  /** When the report was made, in seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly currentPage?: bigint;
  readonly nextPage?: bigint;
  /** Hashes of the organisations whose events it may show; not part of the report's hash. */
  readonly orgids?: readonly Hash[];
  /** Stored beside the data; not part of the report's hash. */
  readonly evidence?: Evidence;
  /** Stored beside the data; part of the report's hash. */
  readonly details?: Details;
};

/**
 * The answer to a query of type `qtype`, as one user may see it.
 *
 * @throws {TypeError} when `qtype` is not a string.
 * @throws {RangeError} when `qtype` is not an identifier, or the data is too large.
 */
export function report(
  qtype: string,
  data: Value,
  { userid, timestamp, currentPage = 1n, nextPage = 1n, orgids, evidence, details }: ReportOptions,
): Report {
  checkSubType(qtype);
  const content = {
    sub_type: qtype,
    data,
    userid,
    current_page: currentPage,
    next_page: nextPage,
    ...(details !== undefined && { details }),
  };
  return {
    itype: "report",
    userid,
    timestamp,
    current_page: currentPage,
    next_page: nextPage,
    data,
    ...(orgids !== undefined && { orgids: orgids.toSorted() }),
    ...(evidence !== undefined && { evidence: [evidence] }),
    ...(details !== undefined && { details }),
    sub_type: qtype,
    _hash: reportHash(content),
  };
}
