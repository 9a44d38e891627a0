import { reportHash } from "./hash.ts";
import type { Evidence, Report } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";
import type { Value } from "./value.ts";

export type ReportOptions = {
  /** Hash of the user it was made for. */
  readonly userid: string;
  /** Seconds since 1970, UTC: when it was made. */
  readonly timestamp: number;
  readonly currentPage?: bigint;
  readonly nextPage?: bigint;
  /** Stands beside the data, and is no part of what makes the report itself. */
  readonly evidence?: Evidence;
};

/** The answer to a query of type `qtype`, as one user may see it. */
export function report(
  qtype: string,
  data: Value,
  { userid, timestamp, currentPage = 1n, nextPage = 1n, evidence }: ReportOptions,
): Report {
  checkSubType(qtype);
  return {
    itype: "report",
    userid,
    timestamp,
    current_page: currentPage,
    next_page: nextPage,
    data,
    ...evidence && { evidence: [evidence] },
    sub_type: qtype,
    _hash: reportHash(qtype, data, userid, currentPage, nextPage),
  };
}
