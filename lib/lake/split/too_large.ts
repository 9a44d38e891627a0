import type { Cutter } from "./cutter.ts";
import { isWrapper } from "./find_cutter.ts";

const HEAD_BYTES = 64 * 1024;

/** What to do about uploads that must stay whole, by typetag. */
const ADVICE: { readonly [typetag: string]: string } = {
  email: "Put several mails into an mbox file, which is split between them",
};

/** The error for an upload that begins with these bytes: more than `maxBytes`, and nowhere to cut. */
export function tooLarge(
  cutter: Cutter | undefined,
  bytes: Uint8Array,
  { typetag, maxBytes }: { readonly typetag: string; readonly maxBytes: number },
): RangeError {
  if (cutter !== undefined) {
    return new RangeError(
      `one of its records has more than ${maxBytes} bytes; what follows was not read`,
    );
  }
  if (isWrapper(typetag, bytes)) {
    return new RangeError(
      `it is one JSON object of more than ${maxBytes} bytes. Write each member of its list on a ` +
        `line of its own, for example with jq -rc '${
          listPath(typetag, bytes)
        }[]': such a file may ` +
        "have any size",
    );
  }
  const advice = ADVICE[typetag];
  return new RangeError(
    `it has more than ${maxBytes} bytes, and cannot be split between records` +
      (advice === undefined ? "" : `. ${advice}`),
  );
}

/** How jq names the list in a JSON object that begins with these bytes. */
function listPath(typetag: string, bytes: Uint8Array): string {
  if (typetag === "cowrie") return ".hits.hits";
  const head = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES));
  const [, name = "list"] = /"(\w+)"\s*:\s*\[/.exec(head) ?? [];
  return `.${name}`;
}
