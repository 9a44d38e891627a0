import assert from "node:assert/strict";
import fc from "fast-check";
import { Rejected } from "../../lib/errors.ts";
import { parsePlaintext } from "../../lib/lake/parse.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import type { Filter } from "../../lib/typetags/filter.ts";
import { filters } from "../../lib/typetags/typetags.ts";
import { values } from "../tahoe/arbitrary_value.ts";

const sent = { orgid: "org", timestamp: 1700000000.25 };

/** Names that filters look for, so that arbitrary values get past the first look. */
const names = fc.constantFrom(
  ..."data eventid message timestamp session sensor src_ip username password input dst_ip".split(
    " ",
  ),
  ..."dst_port url shasum filename outfile duration type objects Event Attribute".split(" "),
);
const eventids = fc.constantFrom(
  ..."login.failed command.input direct-tcpip.data session.file_download session.closed".split(" "),
).map((name) => `cowrie.${name}`);
const texts = fc.oneof(
  eventids,
  fc.constant("2021-03-04T05:06:07Z"),
  fc.webUrl(),
  fc.string({ unit: "binary" }),
);
const objects = fc.dictionary(names, fc.oneof(texts, values)) as fc.Arbitrary<Value>;
const records = fc.oneof(objects, fc.array(objects, { maxLength: 4 }), values);
const lines = fc.array(fc.oneof(records.map(writeJson), texts), { maxLength: 4 });

for (const [typetag, filter] of filters) {
  Deno.test(`${typetag} reads or rejects any value, each time alike`, () => {
    fc.assert(fc.property(records, (data) => readsAlike(filter, data)), { numRuns: 500 });
  });

  Deno.test(`${typetag} reads or rejects any text, each time alike`, () => {
    fc.assert(
      fc.property(lines, (all) => {
        const { data } = parsePlaintext(all.join("\n"), { typetag, orgid: "org", timezone: "UTC" });
        readsAlike(filter, data);
      }),
      { numRuns: 500 },
    );
  });
}

function readsAlike(filter: Filter, data: Value): void {
  assert.deepEqual(attempt(filter, data), attempt(filter, data));
}

function attempt(filter: Filter, data: Value): unknown {
  try {
    return filter.read(data, sent);
  } catch (error) {
    assert.ok(error instanceof Rejected, String(error));
    return [error.code, error.message];
  }
}
