import { type Meaning, meaning, NotUnderstood } from "../indicators/meaning.ts";
import type { AttributeName } from "../tahoe/attribute.ts";

/** A value to look up as it was written, and what it means or why it cannot be read. */
export type GivenValue =
  | { readonly value: string; readonly meaning: Meaning }
  | { readonly value: string } & UnreadReason;

/** Why a value cannot be read; the kinds that it may be of, if this is why; what it holds. */
export type UnreadReason = {
  readonly reason: string;
  readonly kinds?: readonly string[];
  readonly held?: AttributeName;
};

/** Values, and how much of the input was left out, by what it is. */
export type GivenValues = {
  readonly values: readonly GivenValue[];
  readonly skipped: ReadonlyMap<string, number>;
  /** Columns of tables that hold no indicators. */
  readonly unreadColumns?: readonly string[];
};

/** Reads one value, of the sub-type or of a kind that can be recognised. */
export function readValue(text: string, subType?: string): GivenValue {
  const value = text.trim();
  if (!value.isWellFormed()) return { value: value.toWellFormed(), reason: "is not Unicode" };
  try {
    return { value, meaning: meaning(subType, value) };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    const { reason, kinds, held } = error;
    return { value, reason, kinds, ...(held !== undefined && { held }) };
  }
}

/** Puts values together, each once. */
export function joinValues(parts: readonly GivenValues[]): GivenValues {
  const values = new Map<string, GivenValue>();
  const skipped = new Map<string, number>();
  const skip = (what: string, times: number) => skipped.set(what, (skipped.get(what) ?? 0) + times);
  for (const part of parts) {
    for (const each of part.values) {
      if (values.has(each.value)) skip("repeated value", 1);
      else values.set(each.value, each);
    }
    for (const [what, times] of part.skipped) skip(what, times);
  }
  const unreadColumns = new Set(parts.flatMap((part) => part.unreadColumns ?? []));
  return { values: [...values.values()], skipped, unreadColumns: [...unreadColumns] };
}
