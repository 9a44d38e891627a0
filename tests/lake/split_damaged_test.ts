import { deepEqual, ok } from "../assert.ts";
import { splitUpload } from "../../lib/lake/split_upload.ts";
import { FILTERS } from "../../lib/typetags/typetags.ts";

const RECORDS = Array.from({ length: 60 }, (_, n) => ({
  ioc: `192.0.2.${n + 1}`,
  note: `a, "b" {${n}`,
  tags: [{ name: "x" }],
}));

/** The values that a filter makes malicious, and how many records it rejects. */
function read(text: string) {
  const filter = FILTERS.get("ioc_list")!;
  const { events, rejected } = filter.read({ data: text }, { orgid: "org", timestamp: 1 });
  return { values: events.map(({ data }) => data["ipv4"]!.join()), rejected: rejected.length };
}

/** The same of all parts of a text that is split. */
async function readParts(text: string, pieceBytes: number) {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / pieceBytes) },
    (_, index) => bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  const options = { typetag: "ioc_list", maxBytes: 20_000, wholeBytes: 900, partBytes: 900 };
  const parts = await Array.fromAsync(splitUpload(ReadableStream.from(pieces), options));
  ok(parts.length > 3, String(parts.length));
  const readings = parts.map(({ data }) => read(new TextDecoder().decode(data as Uint8Array)));
  return {
    values: readings.flatMap(({ values }) => values),
    rejected: readings.reduce((sum, { rejected }) => sum + rejected, 0),
  };
}

/** Damages the record of one address. */
const FAULTS: { readonly [name: string]: (record: string) => string } = {
  "a comma too many": (record) => `${record},`,
  "a missing value": (record) => record.replace(/"a, .*? \{\d+"/, ""),
  "a quotation mark too few": (record) => record.replace(/(?<="192\.0\.2\.\d+)"/, ""),
  "a bracket too few": (record) => record.slice(0, -1),
  "a bracket too many": (record) => `${record}}`,
  "a word in place of a record": () => "null and void",
};

for (const [name, damage] of Object.entries(FAULTS)) {
  for (const indent of [0, 2]) {
    for (
      const frame of [["[", "]"], ["// seen, [today]\n[", "]"], ['{"version": 1, "data": [', "]}"]]
    ) {
      const [start, end] = frame as [string, string];
      Deno.test(`splitUpload splits an array with ${name}, behind ${start}, indent ${indent}`, async () => {
        const records = RECORDS.map((record) => JSON.stringify(record, null, indent));
        records[20] = damage(records[20]!);
        records[45] = damage(records[45]!);
        const text = `${start}${records.join(indent === 0 ? "," : ",\n")}${end}`;
        const whole = read(text);
        ok(whole.values.length >= 58, String(whole.values.length));
        for (const pieceBytes of [97, 100_000]) {
          deepEqual(await readParts(text, pieceBytes), whole);
        }
        for (const length of [text.length - 30, text.length - 200]) {
          const cut = text.slice(0, length);
          deepEqual(await readParts(cut, 97), read(cut));
        }
      });
    }
  }
}

Deno.test("splitUpload keeps a member of a list that is larger than a part", async () => {
  const data = RECORDS.map((record, n) =>
    n === 30 ? { ...record, note: "x".repeat(3000) } : record
  );
  const text = JSON.stringify({ data });
  deepEqual((await readParts(text, 97)).values, read(text).values);
});
