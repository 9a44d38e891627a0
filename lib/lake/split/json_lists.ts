import { CLOSING, COMMA, CURLY_BIT, OPENING, QUOTE, stringEnd } from "./json_bytes.ts";

/** A list inside JSON, from its opening bracket to behind the closing one. */
export type JsonList = { readonly start: number; readonly end: number; readonly members: number };

type Container = {
  readonly start: number;
  readonly isArray: boolean;
  commas: number;
  readonly lists: JsonList[];
};

export type ListOptions = {
  /** Bytes from which on a list is long. */
  readonly longBytes: number;
  /** Names that lists must have to be found; any by default. */
  readonly names?: ReadonlySet<string> | undefined;
};

/**
 * Finds the long lists of a JSON object that are reached through objects or lists of a single member;
 * none if the JSON is not closed.
 */
export function findLists(
  bytes: Uint8Array,
  { longBytes, names }: ListOptions,
): readonly JsonList[] {
  const open: Container[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
    } else if (byte === COMMA) {
      const inside = open.at(-1);
      if (inside !== undefined) inside.commas++;
    } else if ((byte & ~CURLY_BIT) === OPENING) {
      open.push({ start: at, isArray: byte === OPENING, commas: 0, lists: [] });
    } else if ((byte & ~CURLY_BIT) === CLOSING) {
      const closed = open.pop();
      if (closed === undefined) return [];
      const outside = open.at(-1);
      if (outside === undefined) return closed.lists;
      if (at + 1 - closed.start >= longBytes) {
        outside.lists.push(...listsOf(closed, { bytes, end: at + 1, names }));
      }
    }
  }
  return [];
}

/** A container that is a list, or else the lists that it contains. */
function listsOf(
  { start, isArray, commas, lists }: Container,
  { bytes, end, names }: Pick<ListOptions, "names"> & {
    readonly bytes: Uint8Array;
    readonly end: number;
  },
): readonly JsonList[] {
  const isInner = commas === 0 && lists.length > 0;
  if (!isArray || isInner) return lists;
  const isNamed = names === undefined || names.has(nameBefore(bytes, start) ?? "");
  return isNamed ? [{ start, end, members: commas + 1 }] : [];
}

/** The name of the member whose value begins at `start`. */
function nameBefore(bytes: Uint8Array, start: number): string | undefined {
  const before = new TextDecoder("latin1").decode(bytes.subarray(Math.max(0, start - 256), start));
  return /"([^"]*)"\s*:\s*$/.exec(before)?.[1];
}
