import type { Instance } from "../tahoe/instance.ts";

/** Numbers that stand for the itypes in the file. SQLite stores 0 and 1 without a byte. */
export const ITYPES = { attribute: 0, event: 1, object: 2, session: 3, raw: 4, report: 5 } as const;

const NAMES = Object.keys(ITYPES) as readonly Instance["itype"][];

/** The itype for which a number stands. */
export function itypeName(number: unknown): Instance["itype"] {
  return NAMES[Number(number)]!;
}
