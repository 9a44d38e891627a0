import type { Instance } from "../tahoe/instance.ts";

/** Numbers that stand for the itypes in the file. SQLite stores 0 and 1 without a byte. */
export const ITYPES = { attribute: 0, event: 1, object: 2, session: 3, raw: 4, report: 5 } as const;

/** Stands for the itype of a damaged document that has none of the six. */
const UNKNOWN = 6;

const NAMES = Object.keys(ITYPES) as readonly Instance["itype"][];

/** The number that stands for an itype, or for what a damaged document has in its place. */
export function itypeNumber(itype: unknown): number {
  const number = NAMES.indexOf(itype as Instance["itype"]);
  return number < 0 ? UNKNOWN : number;
}

/** The itype for which a number stands; "?" for any other number. */
export function itypeName(number: unknown): Instance["itype"] | "?" {
  return NAMES[Number(number)] ?? "?";
}
