import { arrayCutter } from "./array_cutter.ts";
import { cutAll } from "./cutter.ts";
import { findLists, type FoundLists, type JsonList } from "./json_lists.ts";
import { joinBytes } from "./piece_buffer.ts";

/** Part of the bytes of a part from which on a list is long: shorter ones are repeated. */
const LONG_SHARE = 1 / 16;

export type WrapperOptions = {
  /** Most bytes of a part of several members. */
  readonly partBytes: number;
  /** Names of the lists whose members are records; any by default. */
  readonly names?: ReadonlySet<string> | undefined;
};

const EMPTY_LIST = new TextEncoder().encode("[]");

/**
 * Splits a JSON object between the members of its long lists, such as `{"hits": {"hits": […]}}`.
 * Each part is the object with some members of one list; the other long lists are empty in it, and
 * all else is repeated, because it says what the members are. It stays whole if there is no such
 * list, or if what would be repeated is not small.
 */
export function* splitWrapper(
  bytes: Uint8Array,
  { partBytes, names }: WrapperOptions,
): Generator<Uint8Array, void> {
  const { lists, missing } = findLists(bytes, { longBytes: partBytes * LONG_SHARE, names });
  const framed = lists.map((list) => ({ list, frame: frameOf(bytes, { lists, missing }, list) }));
  const isSmall = framed.every(({ frame: [before, after] }) =>
    before.length + after.length <= partBytes / 2
  );
  if (lists.length === 0 || !isSmall) {
    yield bytes;
    return;
  }
  for (const { list, frame: [before, after] } of framed) {
    const room = partBytes - before.length - after.length;
    for (const { members, isWhole } of splitList(bytes, list, room)) {
      const part = joinBytes(isWhole ? [before, members, after] : [before, members]);
      // One member may be a wrapper itself: an answer among the answers to several searches.
      const isSmaller = part.length < bytes.length;
      if (part.length > partBytes && isSmaller) yield* splitWrapper(part, { partBytes, names });
      else yield part;
    }
  }
}

/** Arrays of members of a list; the last is not whole if the list is cut off. */
function* splitList(bytes: Uint8Array, { start, end, isClosed }: JsonList, room: number) {
  let isWhole = true;
  const cutter = arrayCutter();
  const last = (rest: Uint8Array) => {
    isWhole = isClosed;
    return cutter.last(rest);
  };
  for (const members of cutAll({ ...cutter, last }, bytes.subarray(start, end), room)) {
    yield { members, isWhole };
  }
}

/** Number of members in the long lists of a JSON object. */
export function countMembers(bytes: Uint8Array, { partBytes, names }: WrapperOptions): number {
  const { lists } = findLists(bytes, { longBytes: partBytes * LONG_SHARE, names });
  return lists.reduce((sum, { members }) => sum + members, 0);
}

/** What comes before and after a list, with the other lists empty, and closed if it is cut off. */
function frameOf(
  bytes: Uint8Array,
  { lists, missing }: FoundLists,
  list: JsonList,
): readonly [before: Uint8Array, after: Uint8Array] {
  const before: Uint8Array[] = [];
  const after: Uint8Array[] = [];
  let at = 0;
  for (const { start, end } of lists) {
    const pieces = start <= list.start ? before : after;
    pieces.push(bytes.subarray(at, start));
    if (start !== list.start) pieces.push(EMPTY_LIST);
    at = end;
  }
  const closing = new TextEncoder().encode(missing);
  return [joinBytes(before), joinBytes([...after, bytes.subarray(at), closing])];
}
