import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import { JsonCompactor } from "../../lib/text/json_compactor.ts";

/** Compacts a text whose bytes come in pieces of these sizes, again and again. */
function compact(text: string, sizes: readonly number[] = [1000]): string {
  const bytes = new TextEncoder().encode(text);
  const compactor = new JsonCompactor();
  const pieces: Uint8Array[] = [];
  for (let at = 0, piece = 0; at < bytes.length; at += sizes[piece++ % sizes.length]!) {
    const next = bytes.slice(at, at + sizes[piece % sizes.length]!);
    pieces.push(next.subarray(0, compactor.compact(next)));
  }
  return new TextDecoder().decode(new Uint8Array(pieces.flatMap((each) => [...each])));
}

const SIZES = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

Deno.test("JsonCompactor leaves JSON as it is, but for its whitespace", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 9 }), SIZES, (value, indent, sizes) => {
      const text = JSON.stringify(value, null, indent);
      const compacted = compact(text, sizes);
      deepEqual(JSON.parse(compacted), JSON.parse(text));
      // Before a mark that follows a number or word, one blank may stay.
      equal(compacted.replace(/ (?=[,\]}])/g, "").length <= JSON.stringify(value).length, true);
    }),
  );
});

Deno.test("JsonCompactor makes no JSON of what is none", () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const token = fc.constantFrom(...' \n\t[]{},:"\\1e.-', "true", "nul", "l", '"a"', "\r");
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), SIZES, (tokens, sizes) => {
      const text = tokens.join("");
      equal(isJson(compact(text, sizes)), isJson(text), text);
    }),
    { numRuns: 3000 },
  );
});
