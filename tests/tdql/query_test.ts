import { deepEqual, equal, notEqual, ok, throws } from "../assert.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import { type Fields, isFields, type Value } from "../../lib/tahoe/value.ts";
import { readQuery } from "../../lib/tdql/query.ts";
import { QueryError, type QueryErrorKind } from "../../lib/tdql/query_error.ts";
import { readVectors } from "../vectors.ts";

type Vector = { qtype: string; qdata_json: string; valid: boolean };

const { validation: VECTORS }: { validation: Vector[] } = JSON.parse(
  await readVectors("qdata.json"),
);

const ASKED = { sub_type: "ipv4", data: "192.0.2.1" };
const HASH = "0123456789abcdef".repeat(4);

function assertRefused(qtype: string, value: Value, message: string | RegExp) {
  throws(() => readQuery(qtype, value), (error) => {
    assertFault(error, "ValidationError", message);
    return true;
  }, `${qtype} ${String(message)}`);
}

function assertFault(error: unknown, kind: QueryErrorKind, message: string | RegExp) {
  ok(error instanceof QueryError);
  equal(error.kind, kind);
  if (typeof message === "string") equal(error.message, message);
  else ok(message.test(error.message), error.message);
}

/** Recognises query data that only the existing system refuses: every sub-type can be asked for. */
function isAcceptedByUs({ sub_type, data }: Fields): boolean {
  return sub_type === "nope" && data !== undefined;
}

/** Recognises query data that the existing system accepts and the contract does not. */
function isRefusedByUs({ level, page, _hash }: Fields): boolean {
  return typeof level === "number" || typeof page === "number" || String(_hash).endsWith("\n");
}

Deno.test("readQuery agrees with every validation vector that the contract does not refuse", () => {
  notEqual(VECTORS.length, 0);
  for (const { qtype, qdata_json, valid } of VECTORS) {
    const value = parseJson(qdata_json);
    const fields = isFields(value) ? value : {};
    const missing = qtype === "threatrank" ? [] : missingOf(fields);
    if (isAcceptedByUs(fields)) {
      equal(readQuery(qtype, value).qtype, qtype);
    } else if (valid && !isRefusedByUs(fields) && missing.length === 0) {
      equal(readQuery(qtype, value).qtype, qtype, qdata_json);
    } else if (valid && !isRefusedByUs(fields)) {
      // The existing system fails later here, without saying why.
      assertRefused(qtype, value, `${missing[0]} is missing: ${qtype} needs it`);
    } else {
      assertRefused(qtype, value, /./);
    }
  }
});

function missingOf(fields: Fields): string[] {
  return ["sub_type", "data"].filter((name) => !Object.hasOwn(fields, name));
}

Deno.test("readQuery checks each field of the vectors by itself", () => {
  // Vectors of `related` do not need any field, so a refusal concerns the field that is present.
  for (const { qtype, qdata_json, valid } of VECTORS) {
    const value = parseJson(qdata_json);
    if (qtype !== "related" || !isFields(value)) continue;
    const completed = { ...ASKED, ...value };
    if (isAcceptedByUs(value) || (valid && !isRefusedByUs(value))) readQuery(qtype, completed);
    else assertRefused(qtype, completed, new RegExp(Object.keys(value).join("|")));
  }
});

Deno.test("readQuery uses defaults for absent fields", () => {
  const name = { subType: "ipv4", data: "192.0.2.1" };
  const asked = {
    asked: name,
    attributes: [name],
    category: "all",
    context: "all",
    time: {},
  };
  deepEqual(readQuery("count", ASKED), { qtype: "count", ...asked });
  deepEqual(readQuery("related", ASKED), {
    qtype: "related",
    ...asked,
    returnType: "all",
    level: 1,
    page: 1,
    summary: true,
    summaryGraph: false,
  });
});

Deno.test("readQuery keeps the fields that are given", () => {
  const time = { from: "1", to: "", last: "5 d", tzname: "Asia/Tokyo" };
  const query = readQuery("related", {
    sub_type: "ip",
    data: null,
    ...time,
    category: "benign",
    context: "unknown",
    return_type: "session",
    level: 3n,
    page: 7n,
    summary: false,
    summary_graph: true,
  });
  deepEqual(query, {
    qtype: "related",
    asked: { subType: "ipv4", data: null },
    attributes: [{ subType: "ipv4", data: null }],
    category: "benign",
    context: "unknown",
    time,
    returnType: "session",
    level: 3,
    page: 7,
    summary: false,
    summaryGraph: true,
  });
});

Deno.test("readQuery keeps whole and floating-point numbers apart in data", () => {
  for (const data of [1n, 1, 1.5, true, "1", 10n ** 30n]) {
    const query = readQuery("count", { ...ASKED, data });
    equal(query.qtype === "count" && query.asked.data, data);
  }
});

Deno.test("readQuery reads an event's hash in either case and needs nothing else for threatrank", () => {
  deepEqual(readQuery("threatrank", { _hash: HASH.toUpperCase() }), {
    qtype: "threatrank",
    hash: HASH,
  });
  deepEqual(readQuery("threatrank", { _hash: HASH, level: 2n, ...ASKED }), {
    qtype: "threatrank",
    hash: HASH,
  });
  assertRefused("threatrank", ASKED, "_hash is missing: threatrank needs it");
});

Deno.test("readQuery refuses values beyond the bounds and names the field", () => {
  const table: [Fields, string][] = [
    [{ level: 0n }, "level must be a whole number from 1 to 3"],
    [{ level: 4n }, "level must be a whole number from 1 to 3"],
    [{ level: 2 }, "level must be a whole number from 1 to 3"],
    [{ page: 0n }, "page must be a whole number from 1 to 9007199254740991"],
    [{ page: 2n ** 53n }, "page must be a whole number from 1 to 9007199254740991"],
    [{ summary: null }, "summary must be true or false"],
    [{ tzname: null }, "tzname must be a string"],
    [{ data: [] }, "data must be a string, number, true, false or null"],
    [{ context: "All" }, "context must be one of all, benign, malicious, unknown"],
    [{ _hash: HASH + "\n" }, "_hash must be 64 hex digits"],
    [{ level: 4n, from: 5n }, "from must be a string; level must be a whole number from 1 to 3"],
    [{ "a\nb": 1n }, "a\\u000ab is not a field of query data"],
  ];
  for (const [fields, message] of table) assertRefused("related", { ...ASKED, ...fields }, message);
  for (const level of [1n, 2n, 3n]) readQuery("related", { ...ASKED, level });
  readQuery("related", { ...ASKED, page: 2n ** 53n - 1n });
});

Deno.test("readQuery asks for every attribute that means the same only if match says so", () => {
  const asked = { sub_type: "ip", data: "192.0.2[.]1" };
  const names = (question: Fields) => {
    const query = readQuery("count", question);
    ok(query.qtype === "count");
    return query.attributes.map(({ subType, data }) => `${subType} ${data}`);
  };
  deepEqual(names(asked), ["ipv4 192.0.2[.]1"]);
  deepEqual(names({ ...asked, match: "literal" }), ["ipv4 192.0.2[.]1"]);
  const found = names({ ...asked, match: "equivalent" });
  ok(found.includes("ipv4 192.0.2.1") && found.includes("ipv4 ::ffff:192.0.2.1"), found.join());
  deepEqual(names({ sub_type: "asn", data: 64500n, match: "equivalent" }).slice(0, 2), [
    "asn 64500",
    "asn 64500",
  ]);
  const wrong = { sub_type: "ipv4", data: "secret", match: "equivalent" };
  assertRefused("count", wrong, "data cannot be an ipv4: give an address, such as 192.0.2.1");
  assertRefused("count", { ...asked, match: "fuzzy" }, "match must be one of literal, equivalent");
  assertRefused("count", { ...asked, by: "year" }, "by must be one of hour, day, week, month");
});

Deno.test("readQuery reads every sub-type that is an identifier", () => {
  for (const sub_type of ["md5", "ipv6", "cve", "username", "x_1", "größe"]) {
    readQuery("count", { sub_type, data: "x" });
  }
  for (const sub_type of ["", "ip v4", "192.0.2.1", "a-b", 1n, null]) {
    assertRefused("related", { sub_type, data: "x" }, /^sub_type must be a sub-type such as ipv4/);
  }
});

Deno.test("readQuery refuses fields named like members of Object.prototype", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const value = parseJson(`{"sub_type": "ipv4", "data": 1, "${name}": {}}`);
    assertRefused("count", value, `${name} is not a field of query data`);
  }
});

Deno.test("readQuery refuses query data that is not an object", () => {
  for (const value of [null, "", "text", 1n, 1, true, [], [ASKED]]) {
    assertRefused("count", value, "query data must be an object");
  }
});

Deno.test("readQuery refuses unknown types of query", () => {
  for (const qtype of ["", "Count", "counts", "toString", "__proto__"]) {
    throws(() => readQuery(qtype, ASKED), (error) => {
      assertFault(error, "InvalidParameterValue", "qtype must be count, related or threatrank");
      return true;
    }, qtype);
  }
});
