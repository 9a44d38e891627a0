import { deepEqual, equal, ok } from "../assert.ts";
import { instanceFault } from "../../lib/tahoe/instance_fault.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import { report } from "../../lib/tahoe/report.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import { readVectors } from "../vectors.ts";

const OPTIONS = { userid: "u", timestamp: 1.5 };

const SOUND = report("count", 3n, OPTIONS) as unknown as Fields;

const FAULTS: readonly (readonly [Fields, string])[] = [
  [{ userid: 5n }, "userid is a whole number, not a string"],
  [{ timestamp: { $date: "x" } }, "timestamp is a date, not a floating-point number"],
  [{ current_page: 1.5 }, "current_page is a number, not a whole number"],
  [{ next_page: null }, "next_page is null, not a whole number"],
  [{ orgids: ["o", 5n] }, "orgids[1] is a whole number, not a string"],
  [{ evidence: {} }, "evidence is an object, not a list"],
  [{ evidence: [null] }, "evidence[0] is null, not an object"],
  [{ evidence: [{ _hash: "a", flags: "x" }] }, "evidence[0].flags is a string, not a list"],
  [{ details: [] }, "details is a list, not an object"],
  [{ details: { question: {} } }, "details.question.sub_type is missing"],
  [{ data: {} }, "data is an object, not a whole number"],
  [{ sub_type: "list" }, "data is a whole number, not a string"],
  [{ sub_type: "related", data: null }, "data is null, not a list or an object"],
  [{ sub_type: "related", data: { ipv4: "x" } }, "data.ipv4 is a string, not a list"],
  [
    { sub_type: "related", data: { ipv4: [["x", 5n]] } },
    "data.ipv4[0][1] is a whole number, " +
    "not a list",
  ],
  [
    { sub_type: "related", data: [{ itype: "x" }] },
    "data[0] is not an instance: itype is a " +
    "string, not one of the six types of instances",
  ],
  [{ sub_type: "threatrank", data: true }, "data is true, not a number"],
];

for (const [fields, reason] of FAULTS) {
  Deno.test(`a report cannot be read if ${reason}`, () => {
    equal(instanceFault(SOUND), undefined);
    equal(instanceFault({ ...SOUND, ...fields })?.reason, reason);
  });
}

Deno.test("a failed report can be read, whatever was asked", () => {
  equal(instanceFault(report("invalid", "InvalidParameterValue: x", OPTIONS)), undefined);
});

Deno.test("the reports of the existing system can be read", async () => {
  const faults: unknown[] = [];
  let count = 0;
  for (const set of ["small", "random300", "unicode", "threatrank_graph", "lockheed_martin"]) {
    const { queries } = JSON.parse(await readVectors(`reports/${set}/cases.json`));
    for (const { qtype, data_json } of queries) {
      count++;
      const data = parseJson(data_json) as Value;
      const fault = instanceFault({ ...SOUND, sub_type: qtype, data });
      if (fault !== undefined) faults.push([set, qtype, fault.reason]);
    }
  }
  deepEqual(faults, []);
  ok(count > 20, String(count));
});
