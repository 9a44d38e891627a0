import { deepEqual, equal } from "../assert.ts";
import { importPrivateKey, importPublicKey } from "../../lib/envelope/key.ts";
import { canonicalForm, decodeCanonicalForm } from "../../lib/tahoe/canonical.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import { type Query, readQuery } from "../../lib/tdql/query.ts";
import { QueryError } from "../../lib/tdql/query_error.ts";
import { readQuestion } from "../../lib/tdql/question.ts";
import { sealQuery } from "../../lib/tdql/seal_query.ts";
import { readTdql } from "../../lib/tdql/tdql.ts";
import { readVectors } from "../vectors.ts";

type Vector = { readonly qtype: string; readonly query_json: string; readonly qhash: string };

Deno.test("sealQuery gives every vector's question its qhash, and readQuestion reads it back", async () => {
  const key = await importPrivateKey(await readVectors("envelopes/priv2048.pem"));
  const publicKey = await importPublicKey(await readVectors("envelopes/pub2048.pem"));
  const { queries } = JSON.parse(await readVectors("reports/unicode/cases.json"));
  const socket = { host: "localhost", port: 5000n, nonce: "nonce" };
  for (const { qtype, query_json, qhash } of queries as Vector[]) {
    const question = parseJson(query_json) as Fields;
    const options = { userid: "0".repeat(64), key: publicKey, socket, timestamp: 1.5 };
    const { query } = await sealQuery(qtype, question, options);
    equal(query.data["qhash"]?.[0], qhash);
    equal(query.data["status"]?.[0], "wait");
    const opening = { keys: [key], first: "eax", maxBytes: 1e6 } as const;
    const read = await readQuestion(readTdql(query), opening).catch(messageOf);
    deepEqual(read, queryOrMessage(qtype, decodeCanonicalForm(canonicalForm(question))));
  }
});

function queryOrMessage(qtype: string, question: Value): Query | string {
  try {
    return readQuery(qtype, question);
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof QueryError) return error.message;
  throw error;
}
