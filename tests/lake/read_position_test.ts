import { deepEqual, equal, ok } from "../assert.ts";
import fc from "fast-check";
import { readPosition } from "../../lib/lake/read_position.ts";
import { Fault } from "../../lib/tahoe/fault.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { values } from "../tahoe/arbitrary_value.ts";

const SOUND: { readonly [name: string]: Value } = {
  id: "a",
  source: "s",
  file: "1:2",
  typetag: "cowrie",
  offset: 5n,
  end: 7n,
  timestamp: 1_700_000_000.5,
  since: 1_600_000_000n,
  fingerprint: "f",
};

Deno.test("readPosition reads a sound position, whatever types its numbers have", () => {
  const position = { ...SOUND, offset: 5, end: 7, since: 1_600_000_000 };
  deepEqual({ ...readPosition(SOUND) }, position);
  deepEqual({ ...readPosition({ ...SOUND, offset: 5, file: null }) }, { ...position, file: null });
});

const FAULTS: readonly [string, Value, string][] = [
  ["id", 5n, "id is a whole number, not a string"],
  ["source", ["s"], "source is a list, not a string"],
  ["file", true, "file is true, not a string or null"],
  ["typetag", null, "typetag is null, not a string"],
  ["offset", "5", "offset is a string, not a number of bytes"],
  ["offset", -1n, "offset is a whole number, not a number of bytes"],
  ["offset", 0.5, "offset is a number, not a number of bytes"],
  ["offset", 8n, "offset is greater than end"],
  ["end", 2n ** 60n, "end is a whole number, not a number of bytes"],
  ["timestamp", NaN, "timestamp is NaN, not a time in seconds"],
  ["since", { $date: "x" }, "since is a date, not a time in seconds"],
  ["fingerprint", {}, "fingerprint is an object, not a string"],
];

for (const [name, value, reason] of FAULTS) {
  Deno.test(`readPosition says that ${reason}`, () => {
    deepEqual({ ...readPosition({ ...SOUND, [name]: value }) }, {
      id: name === "id" ? "whose id is a whole number" : "a",
      reason,
      since: name === "since" ? 0 : 1_600_000_000,
    });
  });
}

Deno.test("readPosition reads or refuses whatever is stored", () => {
  equal("reason" in readPosition(new Fault("document is not JSON")), true);
  const names = fc.constantFrom(...Object.keys(SOUND));
  fc.assert(fc.property(values, names, values, (document, name, value) => {
    ok("reason" in readPosition(document));
    const position = readPosition({ ...SOUND, [name]: value });
    ok(Number.isFinite(position.since), String(position.since));
  }));
});
