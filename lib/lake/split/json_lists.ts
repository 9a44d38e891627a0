import { CLOSING, COMMA, CURLY_BIT, OPENING, QUOTE, stringEnd } from "./json_bytes.ts";

/** A list inside JSON, from its opening bracket to behind the closing one. */
export type JsonList = {
  readonly start: number;
  readonly end: number;
  readonly members: number;
  /** False if JSON that is cut off ends in it. */
  readonly isClosed: boolean;
};

/** The long lists of a JSON object, and the brackets that are missing behind what follows them. */
export type FoundLists = { readonly lists: readonly JsonList[]; readonly missing: string };

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
 * Finds the long lists of a JSON object that are reached through objects or lists of a single member.
 * In one that is damaged or cut off, a list goes on up to its bracket, or to the end.
 */
export function findLists(bytes: Uint8Array, options: ListOptions): FoundLists {
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
      dropUnclosed(open, byte);
      if (open.length === 0 || open.at(-1)!.isArray !== (byte === CLOSING)) continue;
      const closed = open.pop()!;
      if (open.length === 0) return { lists: closed.lists, missing: "" };
      addLists(open, closed, { ...options, bytes, end: at + 1, isClosed: true });
    }
  }
  return closeAll(open, bytes, options);
}

/** Takes away objects that are still open where a list around them ends. */
function dropUnclosed(open: Container[], closing: number): void {
  const list = closing === CLOSING ? open.findLastIndex(({ isArray }) => isArray) : -1;
  if (list >= 0) open.length = list + 1;
}

/** Closes at the end what is still open there. */
function closeAll(open: Container[], bytes: Uint8Array, options: ListOptions): FoundLists {
  let missing = "";
  let lists: readonly JsonList[] = [];
  while (open.length > 0) {
    const closed = open.pop()!;
    lists = closed.lists;
    const end = bytes.length;
    const found = addLists(open, closed, { ...options, bytes, end, isClosed: false });
    // What is missing inside the list stays missing: its last member is broken.
    missing = found.some(({ start }) => start === closed.start)
      ? ""
      : missing + (closed.isArray ? "]" : "}");
  }
  return { lists, missing };
}

type Closing = ListOptions & {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly isClosed: boolean;
};

/** Gives the container around a closed one the lists of that, if they are long. */
function addLists(
  open: readonly Container[],
  closed: Container,
  closing: Closing,
): readonly JsonList[] {
  const found = closing.end - closed.start >= closing.longBytes ? listsOf(closed, closing) : [];
  open.at(-1)?.lists.push(...found);
  return found;
}

/** A container that is a list, or else the lists that it contains. */
function listsOf(
  { start, isArray, commas, lists }: Container,
  { bytes, end, names, isClosed }: Closing,
): readonly JsonList[] {
  const isInner = commas === 0 && lists.length > 0;
  if (!isArray || isInner) return lists;
  const isNamed = names === undefined || names.has(nameBefore(bytes, start) ?? "");
  return isNamed ? [{ start, end, members: commas + 1, isClosed }] : [];
}

/** The name of the member whose value begins at `start`. */
function nameBefore(bytes: Uint8Array, start: number): string | undefined {
  const before = new TextDecoder("latin1").decode(bytes.subarray(Math.max(0, start - 256), start));
  return /"([^"]*)"\s*:\s*$/.exec(before)?.[1];
}
