import { headerIn } from "./split/find_cutter.ts";
import { joinBytes } from "./split/piece_buffer.ts";

export { hasLines, isInLines, isList } from "./split/find_cutter.ts";

/** Lines from the middle of a file, with the header of its table if `head` has one. */
export function withHeader(
  lines: Uint8Array,
  { typetag, head }: { readonly typetag: string; readonly head: Uint8Array },
): Uint8Array {
  const header = headerIn(typetag, head);
  return header.length === 0 ? lines : joinBytes([header, lines]);
}
