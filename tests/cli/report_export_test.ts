import { deepEqual, equal, match } from "../assert.ts";
import { parse } from "csv-parse/sync";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event, setCategory } from "../../lib/tahoe/event.ts";
import { identityHash } from "../../lib/tahoe/hash.ts";
import { ADDRESS, createCommunity, EVENTS } from "../e2e/community.ts";
import { install, type Installation } from "../e2e/installation.ts";
import { inFolder } from "./in_folder.ts";
import { readBundle } from "../answers/export/stix_rules.ts";

type Query = (...args: string[]) => Promise<{ code: number; out: string; err: string }>;

/**
 * Runs a function that asks about an address, on SQLite. The address was also seen in malicious
 * downloads of the named files.
 */
async function withQuery(
  names: readonly string[],
  work: (query: Query, installation: Installation) => Promise<void>,
): Promise<void> {
  const installation = await install({ program: "report" });
  try {
    await createCommunity(installation);
    for (const [number, name] of names.entries()) await download(installation, name, number);
    const query: Query = (qtype, ...flags) =>
      installation.run("query", qtype!, "ipv4", ADDRESS, "--now", ...flags);
    await work(query, installation);
  } finally {
    await installation.close();
  }
}

async function download({ stores }: Installation, name: string, number: number): Promise<void> {
  const address = attribute("ipv4", ADDRESS);
  const filename = attribute("filename", name);
  const orgid = identityHash("cybexp_org", "example");
  const downloaded = event("file_download", [address, filename], {
    orgid,
    timestamp: 1_700_000_000 + number,
    malicious: [address, filename],
  });
  await stores.archive.put([address, filename, setCategory(downloaded, "malicious")]);
}

Deno.test("report query count exports a row and a note", async () => {
  await withQuery([], async (query) => {
    const csv = await query("count", "--csv");
    const [head, row]: string[][] = parse(csv.out);
    deepEqual(head, ["sub_type", "data", "count", "first_seen", "last_seen", "question"]);
    deepEqual(row!.slice(0, 5), [
      "ipv4",
      ADDRESS,
      String(EVENTS),
      "2020-09-13T12:26:40.000Z",
      "2020-09-13T12:26:42.000Z",
    ]);
    match(
      row![5]!,
      /^count ipv4 203\.0\.113\.7; found as ipv4 203\.0\.113\.7 \(3 events\); all time, up to now \(/,
    );
    deepEqual([csv.code, csv.err], [0, ""]);
    const stix = await query("count", "--stix", "--last", "100 years");
    const note = readBundle(stix.out).find(({ type }) => type === "note");
    equal(note!["content"], `Events that hold it: ${EVENTS} (last 100 years)`);
  });
});

Deno.test("report query related exports everything it shows, including hostile names", async () => {
  const names = ["=cmd|' /C calc'!A0", '"; } </script>\r\n\u001b[2J', "\u202egpj.exe"];
  await withQuery(names, async (query) => {
    const rows: string[][] = parse((await query("related", "--csv")).out);
    const files = rows.filter(([subType]) => subType === "filename").map(([, name]) => name!);
    deepEqual(files.toSorted(), [
      '"; } </script>\r\n\\u001b[2J',
      "'=cmd|' /C calc'!A0",
      "\\u202egpj.exe",
    ]);

    const objects = readBundle((await query("related", "--stix")).out);
    const related = objects.filter(({ type }) => type === "file").map(({ name }) => name);
    deepEqual(related.toSorted(), names.toSorted());
    equal(objects.filter(({ type }) => type === "relationship").length, names.length + EVENTS);

    const whole = readBundle((await query("related", "--stix", "--no-summary")).out);
    const seen = whole.filter(({ type }) => type === "observed-data");
    equal(seen.length, names.length + EVENTS);
    equal(seen.some((one) => one["first_observed"] === "2023-11-14T22:13:20.000Z"), true);
    const again = readBundle((await query("related", "--stix", "--no-summary")).out);
    deepEqual(again.map(({ id }) => id), whole.map(({ id }) => id));
  });
});

Deno.test("report query related exports graphs of attributes and of instances", async () => {
  await withQuery(["a.exe"], async (query) => {
    const dot = await query("related", "--dot");
    match(dot.out, /^graph cybexp \{\n[^]*label="filename\\na\.exe"[^]*\}\n$/);
    match(dot.out, / -- "[0-9a-f]{64}" \[label="file_download=event"\];/);
    equal(dot.err, "");
    const gexf = await query("related", "--gexf", "--no-summary");
    match(gexf.out, /^<\?xml [^]*<attvalue for="itype" value="event"\/>[^]*<\/gexf>\n$/);
  });
});

Deno.test("report query threatrank exports ranks and the paths to the events", async () => {
  await withQuery(["a.exe"], async (query, { run }) => {
    const [, ...rows]: string[][] = parse((await query("threatrank", "--csv")).out);
    deepEqual(rows.map(([, subType]) => subType), [
      "file_download",
      ...Array(EVENTS).fill("sighting"),
    ]);
    deepEqual(rows.map((row) => Number(row[4]) < 0), rows.map(() => true));
    equal(rows[0]![4], "-1");
    const objects = readBundle((await query("threatrank", "--stix")).out);
    equal(objects.filter(({ type }) => type === "note").length, rows.length);
    match((await query("threatrank", "--dot")).out, /label="ipv4\\n203\.0\.113\.7"/);

    const hash = rows[1]![0]!;
    const alone = await run("query", "threatrank", hash.toUpperCase(), "--now", "--csv");
    const [, [name, , , , rank]] = parse(alone.out) as [string[], string[]];
    deepEqual([name, Number(rank) < 0], [hash, true]);
  });
});

Deno.test("report query related says on standard error that there is another page", async () => {
  const names = Array.from({ length: 10 }, (_, number) => `${number}.exe`);
  await withQuery(names, async (query) => {
    const first = await query("related", "--csv");
    equal(first.err, "info: There is another page: --page 2\n");
    equal(first.out.startsWith("sub_type,data,events,question\r\n"), true);
    equal((await query("related", "--csv", "--page", "2")).err, "");
  });
});

Deno.test("report query related writes the number of events of each attribute as CSV", async () => {
  await withQuery(["a.exe"], async (query) => {
    const rows: string[][] = parse((await query("related", "--csv", "--summary-graph")).out);
    deepEqual(rows[0], ["sub_type", "data", "events", "path", "question"]);
    deepEqual(rows.filter(([subType]) => subType === "filename").map((row) => row.slice(0, 3)), [
      ["filename", "a.exe", "1"],
    ]);
  });
});

Deno.test("report query repeats the question in every export of nothing", async () => {
  await withQuery([], async (query) => {
    for (const qtype of ["count", "related", "threatrank"]) {
      const asked = new RegExp(`${qtype} ipv4 203\\.0\\.113\\.7; found as nothing`);
      const formats = qtype === "count" ? ["csv", "stix"] : ["csv", "stix", "dot", "gexf"];
      for (const format of formats) {
        match((await query(qtype, `--${format}`, "--last", "1d")).out, asked);
      }
      const { out } = await query(qtype, "--csv", "--last", "1d");
      equal(parse(out, { columns: true }).length, qtype === "count" ? 1 : 0);
      const answer = [JSON.parse((await query(qtype, "--json", "--last", "1d")).out)].flat()[0];
      deepEqual([answer.question.data, answer.events], [ADDRESS, 0]);
    }
  });
});

/** The two parts of a page that contain data: what is said about the answer, and the answer. */
function readPage(html: string) {
  const parts = html.matchAll(/<script type="application\/json"[^>]*>([^]*?)<\/script>/g);
  const [about, answer] = [...parts].map(([, content]) => JSON.parse(content!));
  return { about, answer };
}

Deno.test("report query count writes a page with a histogram that fits", async () => {
  await withQuery([], async (query) => {
    const { code, out, err } = await query("count", "--html");
    const { answer } = readPage(out);
    deepEqual([code, err, answer.data, answer.question.by], [0, "", EVENTS, "hour"]);
    equal(answer.histogram.length, 1);
    const chosen = readPage((await query("count", "--html", "--by", "month")).out);
    deepEqual(chosen.answer.histogram.map(({ label }: { label: string }) => label), ["2020-09"]);
    const nothing = readPage((await query("count", "--html", "--last", "1d")).out);
    deepEqual([nothing.answer.data, nothing.answer.histogram], [0, undefined]);
  });
});

Deno.test("report query related and threatrank write pages with paths and organisations", async () => {
  await withQuery(["</script>.exe"], async (query, { run }) => {
    const related = readPage((await query("related", "--html")).out);
    deepEqual(Object.values(related.about.organisations), ["example"]);
    deepEqual(related.answer.data.filename, [
      ["</script>.exe", ["filename=attribute", "file_download=event", "ipv4=attribute"]],
    ]);
    const listed = readPage((await query("related", "--html", "--no-summary")).out);
    equal(listed.answer.data.some(({ itype }: { itype: string }) => itype === "event"), true);

    const ranks = readPage((await query("threatrank", "--html")).out);
    equal(ranks.answer.length, 1 + EVENTS);
    deepEqual(ranks.about.details.events, 1 + EVENTS);
    const hash = ranks.answer[1].event._hash;
    const { answer } = readPage((await run("query", "threatrank", hash, "--now", "--html")).out);
    equal(answer.question._hash, hash);
  });
});

const REFUSED: readonly [args: string, err: RegExp][] = [
  ["related ipv4 x --csv --stix", /'--(?:csv|stix)' cannot be used with option '--(?:csv|stix)'/],
  ["related ipv4 x --dot --gexf", /'--(?:dot|gexf)' cannot be used with option '--(?:dot|gexf)'/],
  ["count ipv4 x --csv --json", /'--csv' cannot be used with option '--json'/],
  ["related ipv4 x --json --stix", /'--stix' cannot be used with option '--json'/],
  ["count ipv4 x --html --csv", /'--(?:html|csv)' cannot be used with option '--(?:html|csv)'/],
  ["related ipv4 x --json --html", /'--html' cannot be used with option '--json'/],
  ["count ipv4 x --dot", /a count has no graph: use --dot with related or threatrank/],
  ["count ipv4 x --gexf", /a count has no graph: use --gexf with related or threatrank/],
  ["threatrank ipv4 x --explain --csv", /'--csv' cannot be used with option '--explain'/],
  ["related ipv4 x --no-summary --return-type event --dot", /'--dot' cannot .*'--return-type/],
];

for (const [args, err] of REFUSED) {
  Deno.test(`report query ${args} exits with 2`, async () => {
    await inFolder("report", async (run) => {
      const ended = await run(`query ${args}`);
      match(ended.err, err);
      deepEqual([ended.code, ended.out], [2, ""]);
    });
  });
}
