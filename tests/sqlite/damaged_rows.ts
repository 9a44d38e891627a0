import fc from "fast-check";
import type { DatabaseSync } from "node:sqlite";
import { keyOf } from "../../lib/sqlite/key.ts";
import type { Hash } from "../../lib/tahoe/instance.ts";
import { plantDocument } from "./plant_document.ts";

/** Values as SQL, of every type that SQLite has. */
const VALUES = [
  "NULL",
  "0",
  "-1",
  "9007199254740993",
  "9223372036854775807",
  "-9223372036854775808",
  "1.5",
  "9e999",
  "-9e999",
  "1e300",
  "''",
  "'x'",
  "'{}'",
  "'[]'",
  "'[1, null]'",
  "'{\"a\": Infinity}'",
  "'nul\u0000'",
  "'null'",
  "CAST(x'ff' AS TEXT)",
  "CAST(x'2200ff22' AS TEXT)",
  "x'00'",
  "zeroblob(32)",
];

const ENTRY_COLUMNS = [
  ..."timestamp typetag upload size attempts owner free_at reason reason_attempt".split(" "),
  ..."bad_data refs events id".split(" "),
];

const QUERY_COLUMNS = [
  ..."asked_at attempts owner free_at reason reason_attempt hash status".split(" "),
];

const INSTANCE_COLUMNS = ["itype", "organisation", "template", "document"];

const LINK_COLUMNS = ["child", "itype", "organisation", "timestamp", "parent", "sets"];

/** Documents as SQL, of bytes that nobody wrote. */
const DOCUMENTS = [
  ..."x'' x'00' x'01' x'02' x'03' x'04' x'ff' x'0001' x'0200' x'ffffffffffffffffff'".split(" "),
  ..."x'000105' x'00ffffffffffffff7f' x'02046e756c6c00' x'0002' zeroblob(9)".split(" "),
  "substr(document, 1, 9)",
  "substr(document, 1, octet_length(document) - 1)",
  "CAST(substr(document, 1, 20) || x'ff' AS BLOB)",
  "CAST(document || x'05' AS BLOB)",
];

/** Paths in a query's document. */
const PATHS = [
  ..."$ $._hash $.itype $.sub_type $._cref $._ref $.data $.data.status $.data.report_id".split(" "),
  ..."$.data.qtype $.data.qdata $.data.socket $.data.timestamp $.data.encrypted".split(" "),
];
const JSONS = ["5", "1.5", "null", "true", '"x"', "[]", "[5]", "{}", '["x"]', "[[]]", '{"a": 1}'];

/** Assignments of any value, and of further ones, to any of the columns. */
function changes(
  columns: readonly string[],
  count: number,
  more: readonly string[] = [],
): readonly (readonly (readonly [string, string])[])[] {
  const change = fc.tuple(fc.constantFrom(...columns), fc.constantFrom(...VALUES, ...more));
  return fc.sample(fc.array(change, { minLength: 1, maxLength: 3 }), count);
}

/** Changes rows of entries as a hand would. */
export function damageEntries(db: DatabaseSync, ids: readonly string[]): void {
  db.exec("BEGIN IMMEDIATE");
  for (const [i, assignments] of changes(ENTRY_COLUMNS, ids.length).entries()) {
    for (const [column, value] of assignments) {
      execute(db, `UPDATE entries SET ${column} = ${value} WHERE id = ${ids[i]}`);
    }
  }
  db.exec("COMMIT");
}

/** Changes rows of queries, and their documents, as a hand would. */
export function damageQueries(db: DatabaseSync, hashes: readonly Hash[]): void {
  const assignments = changes(QUERY_COLUMNS, hashes.length);
  const inInstance = changes(INSTANCE_COLUMNS, hashes.length, DOCUMENTS);
  const inDocument = fc.sample(
    fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(...JSONS, "{", "")),
    hashes.length,
  );
  db.exec("BEGIN IMMEDIATE");
  for (const [i, hash] of hashes.entries()) {
    const isRow = i % 2 === 0;
    const row = `hash = unhex('${hash}')`;
    for (const [column, value] of isRow ? assignments[i]! : []) {
      execute(db, `UPDATE queries SET ${column} = ${value} WHERE ${row}`);
    }
    const [path, json] = inDocument[i]!;
    const isJson = JSONS.includes(json);
    const document = isJson ? `json_set(document, '${path}', json('${json}'))` : `'${json}'`;
    if (!isRow) plantDocument(db, keyOf(hash), document);
    for (const [column, value] of isRow || i % 4 === 1 ? [] : inInstance[i]!) {
      execute(db, `UPDATE instances SET ${column} = ${value} WHERE ${row}`);
    }
  }
  db.exec("COMMIT");
}

/** Changes rows of instances and of what links them, as a hand would. */
export function damageInstances(db: DatabaseSync, hashes: readonly Hash[]): void {
  const inInstance = changes(["hash", ...INSTANCE_COLUMNS], hashes.length, DOCUMENTS);
  const inLinks = changes(LINK_COLUMNS, hashes.length);
  db.exec("BEGIN IMMEDIATE");
  for (const [i, hash] of hashes.entries()) {
    const rows = `SELECT id FROM instances WHERE hash = unhex('${hash}')`;
    for (const [column, value] of i % 3 === 0 ? inLinks[i]! : []) {
      execute(db, `UPDATE links SET ${column} = ${value} WHERE parent IN (${rows})`);
    }
    for (const [column, value] of i % 3 === 0 ? [] : inInstance[i]!) {
      execute(db, `UPDATE instances SET ${column} = ${value} WHERE id IN (${rows})`);
    }
  }
  db.exec("COMMIT");
}

function execute(db: DatabaseSync, sql: string): void {
  try {
    db.exec(sql);
  } catch {
    // STRICT tables and unique keys refuse some of the values.
  }
}
