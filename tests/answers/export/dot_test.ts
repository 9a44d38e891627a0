import { deepEqual, equal, match } from "../../assert.ts";
import { type QueryResult, readContent } from "../../../lib/answers/answer_content.ts";
import { writeDot } from "../../../lib/answers/export/dot.ts";
import { drawGraph } from "../../../lib/answers/export/graph.ts";
import { printable } from "../../../lib/printable.ts";
import {
  ASKED,
  hashAnswer,
  HOSTILE_TEXTS,
  listing,
  listingAnswer,
  OTHER_SCALARS,
  ranksAnswer,
  relatedAnswer,
  summaryGraphAnswer,
} from "./answers.ts";

/** Matches a quoted string, which ends at the first quote without a backslash before it. */
const STRING = String.raw`"(?:[^"\\\n]|\\[^\n])*"`;
const ATTRIBUTES = String.raw`\[\w+=(?:${STRING}|[\w.]+)(?:, \w+=(?:${STRING}|[\w.]+))*\]`;
const STATEMENT = new RegExp(
  String.raw`^  (?:graph|${STRING}(?: -- ${STRING})?)(?: ${ATTRIBUTES})?;$`,
);

function write(result: QueryResult): string {
  return writeDot(drawGraph(readContent(result)));
}

/**
 * Lists the statements; checks that each is one line of the part of the DOT grammar that we use.
 */
function statements(result: QueryResult): string[] {
  const lines = write(result).split("\n");
  equal(lines.shift(), "graph cybexp {");
  equal(lines.pop(), "");
  equal(lines.pop(), "}");
  for (const line of lines) match(line, STATEMENT);
  return lines.slice(1);
}

Deno.test("writeDot writes attributes and their connections to the asked one", () => {
  const [asked, file] = statements(summaryGraphAnswer(["a.exe"]));
  equal(asked, `  "${ASKED._hash}" [label="ipv4\\n203.0.113.7", shape=box];`);
  match(file!, /^ {2}"[0-9a-f]{64}" \[label="filename\\na\.exe", shape=box\];$/);
  const edge = statements(summaryGraphAnswer(["a.exe"]))[3];
  match(
    edge!,
    new RegExp(`^  "${ASKED._hash}" -- "[0-9a-f]{64}" \\[label="dns=event.ndst=object"`),
  );
});

Deno.test("writeDot writes instances and their members", () => {
  const { login, visit, file, filename } = listing("secret");
  const lines = statements(listingAnswer("secret"));
  const edges = lines.filter((line) => line.includes(" -- "));
  deepEqual(edges.length, 6);
  for (const [one, other] of [[visit, login], [login, file], [file, filename]]) {
    equal(edges.includes(`  "${one!._hash}" -- "${other!._hash}";`), true);
  }
  const event = lines.find((line) => line.startsWith(`  "${login._hash}" [`));
  match(event!, /label="login\\n2023-11-14T22:13:20\.250Z", shape=ellipse, color=red\];$/);
});

Deno.test("writeDot writes heavier paths with thicker lines", () => {
  const edges = statements(ranksAnswer("http://example.com/")).filter((line) =>
    line.includes(" -- ")
  );
  const styles = edges.map((line) => /\[label="(.*)", penwidth=(.*)\]/.exec(line)!.slice(1));
  deepEqual(styles, [["0.250", "5.00"], ["0.250", "5.00"], ["0.125", "3.00"], ["0.125", "3.00"]]);
});

Deno.test("writeDot writes an event without paths, and an empty graph", () => {
  deepEqual(statements(hashAnswer()), [
    `  "${"e".repeat(64)}" [label="event\\nThreatRank 0", shape=ellipse];`,
  ]);
  deepEqual(statements(relatedAnswer({})), []);
});

/** Reads the label of the second node as Graphviz does: undoes escapes, then entities. */
function drawnLabel(result: QueryResult): string {
  const [, label] = /\[label="((?:[^"\\]|\\.)*)"/.exec(statements(result)[1]!)!;
  return label!.replace(/\\(.)/g, (_, escaped) => escaped === "n" ? "\n" : escaped)
    .replaceAll("&amp;", "&").toWellFormed();
}

for (const text of HOSTILE_TEXTS) {
  Deno.test(`writeDot keeps ${JSON.stringify(text.slice(0, 30))} in its label`, () => {
    const truncated = text.length > 80 ? text.slice(0, 79) + "…" : text;
    equal(
      drawnLabel(summaryGraphAnswer([text])),
      `filename\n${printable(truncated)}`.toWellFormed(),
    );
    equal(statements(summaryGraphAnswer([text])).length, 5);
    equal(statements(ranksAnswer(text)).length, 8);
    equal(statements(listingAnswer(text)).length, 13);
  });
}

Deno.test("writeDot writes values that are not strings, and truncates long ones", () => {
  equal(statements(summaryGraphAnswer(OTHER_SCALARS)).length, 1 + 4 * OTHER_SCALARS.length);
  equal(write(summaryGraphAnswer(["x".repeat(1_000_000)])).length < 5000, true);
});
