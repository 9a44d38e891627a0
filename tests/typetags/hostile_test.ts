import { deepEqual, ok } from "../assert.ts";
import fc from "fast-check";
import { Rejected } from "../../lib/errors.ts";
import { parsePlaintext } from "../../lib/lake/parse.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import type { Filter } from "../../lib/typetags/filter.ts";
import { FILTERS } from "../../lib/typetags/typetags.ts";
import { values } from "../tahoe/arbitrary_value.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };

/** Names of fields that filters look for, so that arbitrary values get past their first checks. */
const FIELD_NAMES = [
  "data",
  "eventid",
  "message",
  "timestamp",
  "session",
  "sensor",
  "src_ip",
  "username",
  "password",
  "input",
  "dst_ip",
  "dst_port",
  "url",
  "shasum",
  "filename",
  "outfile",
  "duration",
  "type",
  "objects",
  "Event",
  "Attribute",
];
const EVENTIDS = [
  "cowrie.login.failed",
  "cowrie.command.input",
  "cowrie.direct-tcpip.data",
  "cowrie.session.file_download",
  "cowrie.session.closed",
];

const names = fc.constantFrom(...FIELD_NAMES);
const eventids = fc.constantFrom(...EVENTIDS);
const texts = fc.oneof(
  eventids,
  fc.constant("2021-03-04T05:06:07Z"),
  fc.webUrl(),
  fc.string({ unit: "binary" }),
);
const objects = fc.dictionary(names, fc.oneof(texts, values)) as fc.Arbitrary<Value>;
const records = fc.oneof(objects, fc.array(objects, { maxLength: 4 }), values);
const lines = fc.array(fc.oneof(records.map(writeJson), texts), { maxLength: 4 });

for (const [typetag, filter] of FILTERS) {
  Deno.test(`${typetag} reads or rejects any value, with the same result each time`, () => {
    fc.assert(fc.property(records, (data) => checkDeterministic(filter, data)), { numRuns: 500 });
  });

  Deno.test(`${typetag} reads or rejects any text, with the same result each time`, () => {
    fc.assert(
      fc.property(lines, (all) => {
        const { data } = parsePlaintext(all.join("\n"), { typetag, orgid: "org", timezone: "UTC" });
        checkDeterministic(filter, data);
      }),
      { numRuns: 500 },
    );
  });
}

function checkDeterministic(filter: Filter, data: Value): void {
  deepEqual(outcome(filter, data), outcome(filter, data));
}

function outcome(filter: Filter, data: Value): unknown {
  try {
    return filter.read(data, SOURCE);
  } catch (error) {
    ok(error instanceof Rejected, String(error));
    return [error.code, error.message];
  }
}
