/** A reason for which records were rejected. */
export type RejectionReason = {
  readonly reason: string;
  /** How many records were rejected for it. */
  readonly records: number;
  /** Number of the first of them, from 1. */
  readonly first: number;
};

/** Reasons that a text lists; a log full of noise could have as many as it has lines. */
const LISTED_REASONS = 10;

/**
 * The distinct reasons for which records were rejected, the most frequent first. Where in a record
 * the parser stopped makes no reason of its own.
 */
export function countReasons(
  rejected: readonly { readonly record: number; readonly reason: string }[],
): readonly RejectionReason[] {
  const groups = Map.groupBy(rejected, ({ reason }) => reason.replace(/ at position \d+$/, ""));
  return [...groups].map(([reason, records]) => ({
    reason,
    records: records.length,
    first: records[0]!.record,
  })).sort((one, other) => other.records - one.records);
}

/** A text such as `2 × sensor is missing (first: 3), 1 × …`; of more than ten reasons, the first ten. */
export function listReasons(reasons: readonly RejectionReason[]): string {
  const listed = reasons.slice(0, LISTED_REASONS).map(({ reason, records, first }) =>
    `${records} × ${reason} (first: ${first})`
  );
  const others = reasons.length - listed.length;
  return listed.join(", ") + (others > 0 ? `, and ${others} other reasons` : "");
}
