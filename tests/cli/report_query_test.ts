import { deepEqual, equal, match, ok } from "../assert.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event, setCategory } from "../../lib/tahoe/event.ts";
import { identityHash } from "../../lib/tahoe/hash.ts";
import { object } from "../../lib/tahoe/object.ts";
import type { Attribute } from "../../lib/tahoe/instance.ts";
import { createCommunity } from "../e2e/community.ts";
import { install, type Installation } from "../e2e/installation.ts";
import { inFolder } from "./in_folder.ts";

type Query = (command: string) => Promise<{ code: number; out: string; err: string }>;

const DAY = 86_400;
const ADVICE = /No importer stores the sub-type domian\. Did you mean domain\?/;
/** 2024-03-30T22:30:00Z: 23:30 in Berlin, in the night of the change to summer time. */
const START = 1_711_837_800;

/** Runs a function over an archive in SQLite with events of what people paste. */
async function asking(work: (query: Query, installation: Installation) => Promise<void>) {
  const installation = await install({ program: "report" });
  try {
    await createCommunity(installation);
    await addEvents(installation);
    await work(
      (command) => installation.run("query", ...command.split(" "), "--now"),
      installation,
    );
  } finally {
    await installation.close();
  }
}

async function addEvents({ stores }: Installation): Promise<void> {
  const stored: readonly (readonly [readonly Attribute[], number])[] = [
    [[attribute("ipv4", "192.0.2.1"), attribute("ipv4", "::ffff:192.0.2.1")], START],
    [[attribute("ipv4", "::ffff:192.0.2.1")], START + DAY],
    [[attribute("ipv6", "2001:db8::1"), attribute("asn", 64500n)], START],
    [[attribute("ipv4", "2001:db8::1"), attribute("asn", "64500")], START],
    [[attribute("domain", "xn--bcher-kva.example"), attribute("username", "root")], START],
    [[attribute("url", "http://example.com/A"), attribute("password", 123456n)], START],
    ...Array.from(
      { length: 25 },
      (_, number) =>
        [
          [attribute("md5", "ab".repeat(16)), attribute("port", BigInt(number))],
          START + number,
        ] as const,
    ),
  ];
  for (
    const [children, timestamp] of stored as readonly (readonly [readonly Attribute[], number])[]
  ) {
    const orgid = identityHash("cybexp_org", "example");
    await stores.archive.put([...children, event("sighting", children, { orgid, timestamp })]);
  }
}

Deno.test("report query finds what is pasted, with or without its sub-type", async () => {
  await asking(async (query) => {
    const counts: readonly (readonly [question: string, answer: RegExp])[] = [
      ["192.0.2[.]1", /^ipv4 192\.0\.2\.1: 2 events\n/],
      ["ip 192.0.2.1:22", /^ipv4 192\.0\.2\.1: 2 events\n/],
      ["ipv6 ::FFFF:192.0.2.1", /: 2 events\n/],
      ["2001:DB8:0:0::1", /^ipv6 2001:db8::1: 2 events\n/],
      ["asn AS64500", /^asn 64500: 2 events\n/],
      ["as64500", /: 2 events\n/],
      ["asn 64500 --literal", /^asn 64500: 1 event\n/],
      ['asn "64500" --literal', /^asn 64500: 1 event\n/],
      ["hostname B\u00dcCHER.example.", /^domain xn--bcher-kva\.example: 1 event\n/],
      ["hxxp://EXAMPLE[.]com/A", /^url http:\/\/example\.com\/A: 1 event\n/],
      ["ABABABABABABABABABABABABABABABAB", /^md5 (?:ab){16}: 25 events\n/],
      ["username root", /: 1 event\n/],
      ["password 123456", /: 1 event\n/],
      ["sha1 " + "0".repeat(40), /: 0 events\n/],
    ];
    for (const [question, answer] of counts) {
      const { code, out, err } = await query(`count ${question}`);
      match(out, answer, question + err);
      equal(code, 0);
    }
  });
});

Deno.test("report query says which attributes and which range it counted", async () => {
  await asking(async (query) => {
    const text = (await query("count 192.0.2.1 --to 2024-04-01 --tzname Europe/Berlin")).out;
    match(
      text,
      /\nFirst seen +2024-03-30T23:30:00\+01:00\nLast seen +2024-04-01T00:30:00\+02:00\n/,
    );
    match(text, /\nFound +ipv4 192\.0\.2\.1 \(1 event\), ipv4 ::ffff:192\.0\.2\.1 \(2 events\)\n/);
    match(
      text,
      /\nRange +from the first event to 2024-04-01T23:59:59\+02:00, time zone Europe\/Berlin/,
    );
    const { asked, found, question, data } = JSON.parse(
      (await query("count 192.0.2[.]1 --json")).out,
    );
    deepEqual(asked, { sub_type: "ipv4", data: "192.0.2.1" });
    deepEqual(found.map(({ events }: { events: number }) => events), [1, 2]);
    deepEqual(question, { sub_type: "ipv4", data: "192.0.2[.]1", match: "equivalent" });
    equal(data, 2);
    match(
      (await query("count 192.0.2.1")).out,
      /\nRange +all time, up to now \(20.*Z\), time zone UTC/,
    );
    const related = await query("related 192.0.2.1");
    match(related.out, /^ipv4 +::ffff:192\.0\.2\.1 +2$/m);
    match(related.out, /^ipv4 +192\.0\.2\.1 +1$/m);
    match(related.out, /\nPage 1 of 1\n\nAsked +ipv4 192\.0\.2\.1\n/);
    const ranks = JSON.parse((await query("threatrank 192.0.2.1 --json")).out);
    deepEqual(ranks.map((each: { found: unknown }) => each.found), [found, found]);
    match(
      (await query("related 192.0.2.1 --csv")).out,
      /,question\r\n.*"?related ipv4 192\.0\.2\.1; found as /,
    );
    match(
      (await query("related 192.0.2.1 --stix")).out,
      /"question": "related ipv4 192\.0\.2\.1; /,
    );
    match(
      (await query("related 192.0.2.1 --dot")).out,
      /label="related ipv4 192\.0\.2\.1; found as /,
    );
    match(
      (await query("related 192.0.2.1 --gexf")).out,
      /<description>related ipv4 192\.0\.2\.1; /,
    );
    match(
      (await query("threatrank 192.0.2.1 --csv")).out,
      /threatrank ipv4 192\.0\.2\.1; found as /,
    );
  });
});

Deno.test("report query counts by interval, in the zone of the question, without gaps", async () => {
  await asking(async (query) => {
    const days = await query("count 192.0.2.1 --by day --tzname Europe/Berlin");
    match(days.out, /\nday +events\n2024-03-30 +1\n2024-03-31 +0\n2024-04-01 +1\n$/);
    const utc = await query("count 192.0.2.1 --by day --from 2024-03-29 --to 2024-04-01");
    match(utc.out, /\n2024-03-29 +0\n2024-03-30 +1\n2024-03-31 +1\n2024-04-01 +0\n$/);
    const hours = await query("count 192.0.2.1 --by hour --tzname Europe/Berlin --csv");
    // The clocks went from 2 to 3.
    equal(hours.out.split("\r\n").length, 1 + 25 + 1);
    match(hours.out, /\n2024-03-31 01:00 \+01:00,[^\n]*\n2024-03-31 03:00 \+02:00,/);
    match((await query("count 192.0.2.1 --by month")).out, /\nmonth +events\n2024-03 +2\n$/);
    match((await query("count 192.0.2.1 --by week")).out, /\nweek +events\n2024-03-25 +2\n$/);
    const many = await query("count 192.0.2.1 --by hour --from 2000-01-01");
    match(many.err, /by hour would give more than 5000 rows: ask for a shorter time, or by day/);
    equal(many.code, 1);
  });
});

Deno.test("report query related says which pages there are", async () => {
  await asking(async (query) => {
    const md5 = "ab".repeat(16);
    const first =
      /\nPage 1 of 3: what events 1 to 10 of 25 hold, newest first; --page 2 shows the next\n/;
    match((await query(`related ${md5}`)).out, first);
    const last = /\nPage 3 of 3: what events 21 to 25 of 25 hold, newest first\n/;
    match((await query(`related ${md5} --page 3`)).out, last);
    const text = "There is no page 999: there are the pages 1 to 3, with 25 events";
    const beyond = await query(`related ${md5} --page 999`);
    deepEqual([beyond.code, beyond.out.split("\n")[0], beyond.err], [1, text, ""]);
    const json = await query(`related ${md5} --page 999 --json`);
    deepEqual([json.code, json.err], [1, `error: ${text}\n`]);
  });
});

Deno.test("report query threatrank says that an event is malicious itself", async () => {
  await asking(async (query, { stores }) => {
    const name = attribute("filename", "a.exe");
    const orgid = identityHash("cybexp_org", "example");
    const made = setCategory(event("download", [name], { orgid, timestamp: START }), "malicious");
    await stores.archive.put([name, made]);
    const { out } = await query(`threatrank ${made._hash}`);
    match(out, /^ThreatRank -1: the event is malicious itself$/m);
    match(out, new RegExp(`^Asked       event ${made._hash}$`, "m"));
    match(
      out,
      /^Found +download, malicious, at 2024-03-30T22:30:00Z, reported by example$/m,
    );
    const json = JSON.parse((await query(`threatrank ${made._hash} --json`)).out);
    deepEqual([json.malicious, json.event._hash], [true, made._hash]);
    const explained = (await query("threatrank filename a.exe --explain")).out;
    match(explained, /-1: the event is malicious itself/);
    // The table says so; there is no path to show below it.
    ok(!explained.includes("No path is needed"), explained);
    const ignored = await query(`threatrank ${made._hash} --last 3d`);
    deepEqual([ignored.code, ignored.out], [2, ""]);
    match(ignored.err, /--last selects events, but a hash alone is one event: leave it out/);
  });
});

Deno.test("report query threatrank --explain shows whole hashes, and asks for them", async () => {
  await asking(async (query, { stores }) => {
    const [shared, own] = [attribute("filename", "a.exe"), attribute("filename", "b.exe")];
    const orgid = identityHash("cybexp_org", "example");
    const options = { orgid, timestamp: START };
    const made = setCategory(event("download", [shared], options), "malicious");
    await stores.archive.put([shared, own, made, event("email", [shared, own], options)]);
    const { out } = await query("threatrank filename b.exe --explain");
    match(out, new RegExp(` download ${made._hash} – filename a\\.exe – email [0-9a-f]{64}$`, "m"));
    const short = await query(`threatrank ${made._hash.slice(0, 8)}`);
    equal(short.code, 2);
    match(
      short.err,
      /may be the beginning of an event's hash: give all 64 digits, which .* --json/,
    );
  });
});

Deno.test("report query threatrank says what the hash of an attribute or object is", async () => {
  await asking(async (query, { stores }) => {
    const { _hash } = attribute("ipv4", "::ffff:192.0.2.1");
    const asked = await query(`threatrank ${_hash}`);
    equal(asked.code, 1);
    match(
      asked.err,
      /^error: Cannot rank \w+: it is the attribute ipv4 ::ffff:192\.0\.2\.1, which 2 events hold, .*: report query threatrank ipv4 ::ffff:192\.0\.2\.1\n$/,
    );
    // What nobody may see is not told from what is not there.
    const secret = attribute("filename", "secret");
    const hidden = event("sighting", [secret], { orgid: "0f".repeat(32), timestamp: START });
    await stores.archive.put([secret, hidden]);
    match(
      (await query(`threatrank ${secret._hash}`)).err,
      /no event that you may see has this hash/,
    );
    match(
      (await query(`threatrank ${hidden._hash}`)).err,
      /no event that you may see has this hash/,
    );
    const inside = object("file", [secret]);
    const orgid = identityHash("cybexp_org", "example");
    const seen = event("sighting", [inside], { orgid, timestamp: START });
    await stores.archive.put([inside, seen]);
    match(
      (await query(`threatrank ${inside._hash}`)).err,
      /: it is the object file, which 1 event holds/,
    );
  });
});

Deno.test("report query threatrank says what to do about the hash of a file", async () => {
  await asking(async (query) => {
    const sha256 = "ab".repeat(32);
    const { code, err } = await query(`threatrank ${sha256}`);
    equal(code, 1);
    match(
      err,
      /no event that you may see has this hash.*report query threatrank sha256 (?:ab){32}\n$/,
    );
  });
});

Deno.test("report query takes a date in --to for the whole day in the zone of the question", async () => {
  await asking(async (query, { stores }) => {
    const name = attribute("filename", "late.exe");
    const orgid = identityHash("cybexp_org", "example");
    const timestamp = Date.UTC(2026, 2, 14, 23, 30) / 1000;
    await stores.archive.put([name, event("download", [name], { orgid, timestamp })]);
    const count = async (flags: string) =>
      JSON.parse((await query(`count filename late.exe ${flags} --json`)).out).data;
    equal(await count("--from 2026-03-14 --to 2026-03-14"), 1);
    equal(await count("--to 14-Mar-2026"), 1);
    equal(await count("--to 2026-03-13"), 0);
    equal(await count("--to 2026-03-14T00:00"), 0);
    equal(await count("--to 2026-03-14 --tzname Asia/Tokyo"), 0);
    equal(await count("--from 2026-03-15 --to 2026-03-15 --tzname Asia/Tokyo"), 1);
    equal(await count("--to 2026-03-14 --tzname America/Lima"), 1);
    match(
      (await query("count filename late.exe --to 2026-03-14")).out,
      / to 2026-03-14T23:59:59Z, time zone UTC$/m,
    );
  });
});

Deno.test("report query takes a time to the second or minute in --to for all of it", async () => {
  await asking(async (query, { stores }) => {
    const name = attribute("filename", "quick.exe");
    const orgid = identityHash("cybexp_org", "example");
    const timestamp = Date.UTC(2026, 2, 14, 3, 0, 2, 16) / 1000;
    await stores.archive.put([name, event("download", [name], { orgid, timestamp })]);
    const count = async (flags: string) =>
      JSON.parse((await query(`count filename quick.exe ${flags} --json`)).out).data;
    const times = [
      "2026-03-14T03:00:02Z",
      "2026-03-14T05:00:02+02:00",
      "20260314T030002",
      `${Math.floor(timestamp)}`,
    ];
    for (const time of times) {
      equal(await count(`--from ${time} --to ${time}`), 1, time);
    }
    for (const time of ["2026-03-14T03:00Z", "20260314T0300", "2026-03-14T05:00+02:00"]) {
      equal(await count(`--to ${time}`), 1, time);
    }
    equal(await count("--to 2026-03-14T03:00:02.015Z"), 0);
    equal(await count("--to 2026-03-14T03:00:01Z"), 0);
    equal(await count("--to 2026-03-14T02:59Z"), 0);
    const { out } = await query("count filename quick.exe --to 2026-03-14T03:00:02Z");
    match(out, / to 2026-03-14T03:00:02Z, time zone UTC$/m);
    const nothing = await query("count filename quick.exe --to 2026-03-14T03:00:01Z");
    match(nothing.out, /no event to 2026-03-14T03:00:01Z holds it/);
  });
});

Deno.test("report query count offers no export that it refuses", async () => {
  await inFolder("report", async (run) => {
    const { out } = await run("query count --help");
    match(out, /--stix/);
    equal(/--dot|--gexf/.test(out), false);
  });
});

const REFUSED: readonly [args: string, err: RegExp][] = [
  ["count ipv4 hello", /^error: "hello" cannot be an ipv4: give an address, such as 192\.0\.2\.1$/],
  ["count ipv4 999.1.1.1", /cannot be an ipv4/],
  ["related ipv4 example.com", /it is a domain; ask for it as domain$/],
  ["threatrank sha256 abc", /cannot be a sha256/],
  ["count 999.1.1.1", /is not an IPv4 address/],
  ["count hello", /may be hostname, username, password, filename or another/],
  ["count readme.md", /may be filename, domain or another/],
  ["count 443", /may be port, asn, password or another/],
  ["count 1 --literal", /with --literal, give the sub-type before the data/],
  ["count 192.0.2.1 --last 0d", /--last must be longer than nothing: give a number above 0/],
  ["count 192.0.2.1 --last=-3d", /last must be longer than nothing/],
  ["related 192.0.2.1 --from 2024-02-01 --to 2024-01-01", /--from is after --to: exchange them/],
  [
    "count 192.0.2.1 --from 2999-01-01",
    /--from is in the future: give an earlier time, or --to as well/,
  ],
  ["count 192.0.2.1 --last 3d --to 2024-01-01", /'--last <span>' cannot be used with option '--to/],
  ["count 192.0.2.1 --to 03/04/2026", /--to may mean two days, .*: give 2026-03-04 or 2026-04-03/],
  ["related 192.0.2.1 --from 20260314", /--from would be .*: give a date such as 2026-03-14$/],
  ["related 192.0.2.1 --from 2026", /--from would be .* seconds after .*: give a date/],
  ["count 192.0.2.1 --to 2026-03", /--to cannot be read as a time: give seconds/],
  ["threatrank 192.0.2.1 --to 1773532799000", /--to .* give seconds.*, such as 1773532799$/],
  ["count 192.0.2.1 192.0.2.2", /ask for one value at a time, or for all with report lookup/],
  ["count ipv4 192.0.2.1 192.0.2.2", /give one sub-type and one value; .* report lookup$/],
  ["count 192.0.2.1 --stix out.json", /--stix writes to standard output: give > out\.json at the/],
  ["related ipv4 192.0.2.1 a/b.csv --csv", /--csv writes to standard output: give > a\/b\.csv/],
  ["count 192.0.2.1 ipv4", /give the sub-type before the value: ipv4 192\.0\.2\.1$/],
  ["related 192.0.2.1 --page 0", /argument '0' is invalid\. Give a whole number from 1 to/],
  ["related 192.0.2.1 --page x", /argument 'x' is invalid\. Give a whole number from 1 to/],
  ["count 192.0.2.1 --dot", /a count has no graph: use --dot with related or threatrank/],
  ["count 192.0.2.1 --by year", /Allowed choices are hour, day, week, month/],
  ["count 192.0.2.1 --by day --stix", /'--by <interval>' cannot be used with option '--stix'/],
  ["count 192.0.2.1 --now --timeout 5", /'--timeout <seconds>' cannot be used with option '--now'/],
  ["related 192.0.2.1 --return-type event", /give --no-summary, too/],
  ["related 192.0.2.1 --no-summary --summary-graph", /leave out --no-summary/],
];

for (const [args, err] of REFUSED) {
  Deno.test(`report query ${args} is wrong usage and exits with 2`, async () => {
    await inFolder("report", async (run) => {
      const ended = await run(`query ${args}`);
      match(ended.err, err);
      deepEqual([ended.code, ended.out], [2, ""]);
    });
  });
}

Deno.test("report query says what is outside its range where nothing is in it", async () => {
  await asking(async (query, { stores }) => {
    const outside =
      /0 events\n(?:.*\n)*Found +nothing: no event from 2020-01-01 to 2020-01-31 holds it\. But 2 events outside this range, first 2024-03-30T22:30:00Z, last 2024-03-31T22:30:00Z: ask with --from 2024-03-30 --to 2024-03-31\n/;
    match((await query("count 192.0.2.1 --from 2020-01-01 --to 2020-01-31")).out, outside);
    const count = await query("count 192.0.2.1 --from 2020-01-01 --to 2020-01-31 --json");
    deepEqual(JSON.parse(count.out)["outside"], {
      events: 2,
      first_seen: START,
      last_seen: START + DAY,
    });
    equal((await query("count 192.0.2.1 --from 2024-03-30 --to 2024-03-31 --json")).code, 0);
    match((await query("related 192.0.2.1 --last 1d")).out, /But 2 events outside this range/);
    match((await query("threatrank 192.0.2.1 --last 1d")).out, /But 2 events outside this range/);
    match(
      (await query("related 192.0.2.1 --last 1d --csv")).out,
      /But 2 events outside this range/,
    );
    // An event of tomorrow is outside every range that ends now.
    const orgid = identityHash("cybexp_org", "example");
    const later = attribute("ipv4", "198.51.100.9");
    const timestamp = 4_102_444_800;
    await stores.archive.put([later, event("sighting", [later], { orgid, timestamp })]);
    match(
      (await query("count 198.51.100.9 --tzname Europe/Berlin")).out,
      /But 1 event outside this range, .*: ask with --from 2100-01-01 --to 2100-01-01\n/,
    );
    match((await query("count 198.51.100.9 --from 2100-01-01 --to 2100-01-01")).out, /: 1 event\n/);
    const unseen = JSON.parse((await query("count 198.51.100.10 --json")).out);
    deepEqual([unseen["outside"], unseen["advice"]], [undefined, undefined]);
    // Those of the other categories are not meant.
    const benign = await query("count 192.0.2.1 --category benign --last 1d --json");
    equal(JSON.parse(benign.out)["outside"], undefined);
  });
});

Deno.test("report query takes a usual sub-type in capitals, and names one that may be meant", async () => {
  await asking(async (query) => {
    const upper = await query("count IPV4 192.0.2.1");
    match(upper.out, /^ipv4 192\.0\.2\.1: 2 events\n/);
    match(upper.err, /^info: IPV4 is taken for ipv4/);
    match((await query("related Url HXXP://example.com/A")).out, /\nFound +url http.* \(1 event\)/);
    match((await query("count IPv4 999.1.1.1")).err, /cannot be an ipv4: .*999 is more than 255/);
    const misspelt = await query("count domian evil.example");
    match(misspelt.out, ADVICE);
    match(
      misspelt.err,
      /^warn\w*: No importer stores the sub-type domian\. Did you mean domain\?\n$/,
    );
    for (const kind of ["related", "threatrank"]) {
      match((await query(`${kind} ip4 192.0.2.1 --json`)).err, /Did you mean ipv4\?\n$/);
    }
    equal((await query("count ipv4_net 192.0.2.0/24")).err, "");
    const json = JSON.parse((await query("count domian evil.example --json")).out);
    deepEqual([json["data"], json["advice"]], [
      0,
      "No importer stores the sub-type domian. Did you mean domain?",
    ]);
    match((await query("related domian evil.example --csv")).out, ADVICE);
    match(
      (await query('count IPV4 "192.0.2.1" --literal')).out,
      /sub-type IPV4\. Did you mean ipv4\?/,
    );
    equal(JSON.parse((await query("count IPV4 192.0.2.9 --json")).out)["advice"], undefined);
  });
});
