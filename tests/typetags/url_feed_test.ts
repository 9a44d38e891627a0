import { deepEqual, equal, notEqual, throws } from "../assert.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { OPENPHISH_FILTER, PHISHTANK_FILTER } from "../../lib/typetags/url_feed.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };

function read(data: Value) {
  return PHISHTANK_FILTER.read(data, SOURCE);
}

function urls(data: Value): readonly unknown[] {
  return read(data).events.map((event) => event.data["url"]![0]);
}

Deno.test("phishtank_feed reads one address per line and counts other lines", () => {
  const text = "# http://example.com/no\n http://a.example/?x=1,2 \r\n\n\tFTP://b.example\n" +
    "HTTPS://c.example/#d e\nhttp://\nhttp:///x\nmailto:a@b.example\n//d.example\n";
  deepEqual(urls({ data: text }), [
    "http://a.example/?x=1,2",
    "FTP://b.example",
    "HTTPS://c.example/#d e",
  ]);
  const { skipped } = read({ data: text });
  deepEqual(skipped, { "entry without an http, https or ftp URL": 5 });
});

Deno.test("phishtank_feed reads the column url of a CSV text", () => {
  const rows = '1,"http://a.example/x,y""z",2021-01-01\n\n2, http://b.example/#e ,2021-01-02\n3\n' +
    '4,http://c.example/"q",\n';
  for (const header of ["phish_id,url,submission_time", '\ufeff# 2\n\n"phish_id" , "URL",x']) {
    const data = { data: `${header}\r\n${rows}` };
    const expected = ['http://a.example/x,y"z', "http://b.example/#e", 'http://c.example/"q"'];
    deepEqual(urls(data), expected);
    deepEqual(Object.values(read(data).skipped), [1]);
  }
});

Deno.test("phishtank_feed does not split lines below a header of url alone", () => {
  deepEqual(urls({ data: "url\nhttp://a.example/x,y\n" }), ["http://a.example/x,y"]);
});

Deno.test("phishtank_feed reads the field url of a JSON array, even if it is stored as text", () => {
  const rows = [{ phish_id: 1n, url: "http://a.example/" }, { url: null }, 5n, { urls: [] }];
  const text = { data: '[{"phish_id": 1, "url": "http://a.example/"}, {"url": null}, 5, {}]' };
  for (const data of [rows, text]) {
    deepEqual(urls(data), ["http://a.example/"]);
    deepEqual(Object.values(read(data).skipped), [3]);
  }
});

Deno.test("phishtank_feed makes malicious events at the upload's time, one for equal addresses", () => {
  const { events, instances } = read({ data: "http://a.example\nhttp://a.example\n" });
  equal(instances.length, 2);
  const [{ timestamp, category, sub_type, _mal_ref, _cref }] = events as [typeof events[0]];
  deepEqual([timestamp, category, sub_type], [SOURCE.timestamp, "malicious", "sighting"]);
  deepEqual(_mal_ref, _cref);
});

Deno.test("phishtank_feed distinguishes a feed without addresses from data that is not a feed", () => {
  for (const data of [{ data: "" }, { data: "# none\n" }, [], [{}], { data: "id,url\n1,x" }]) {
    throws(() => read(data), { name: "Rejected", code: "EVENTS_INVALID" });
  }
  deepEqual(urls('{"data": "http://a.example/"}'), ["http://a.example/"]);
  for (const start of ["<!DOCTYPE html>", "\n <html lang=en>", '<?xml version="1.0"?>', "<rss>"]) {
    const page = { data: `${start}\nhttp://a.example/\nurl,x\nhttp://b.example/,y\n` };
    throws(() => read(page), { code: "EVENTS_INVALID", message: /it begins with </ });
  }
  const others = [null, 5n, "http://a.example/", {}, { data: 5n }, { data: 'id,url\n1,"x' }];
  for (const data of others) {
    throws(() => read(data), { name: "Rejected", code: "EVENTS_REJECTED" });
  }
});

Deno.test("phishtank_feed rejects a row with a bad quotation mark, and reads the others", () => {
  const row = (url: string, target = "Other") => `1,${url},yes,${target}\n`;
  const rows = [
    row("http://bad1.example/a"),
    row('"http://bad2.example/q?"x=1'),
    row("http://bad3.example/c", '"Other'),
    row('"http://bad4.example/a,b""c"', '"Other, or\nnone"'),
    row('"http://bad5.example'),
    row('"http://bad6.example'),
    row("http://bad7.example/c", '"Other'),
  ];
  for (const lineEnd of ["\n", "\r\n"]) {
    const data = `phish_id,url,verified,target\n${rows.join("")}`.replaceAll("\n", lineEnd);
    const { rejected } = read({ data });
    deepEqual(urls({ data }), ["http://bad1.example/a", 'http://bad4.example/a,b"c']);
    deepEqual(rejected.map(({ record }) => record), [2, 3, 5, 6, 7]);
  }
});

Deno.test("phishtank_feed reads the field url of JSON Lines, and rejects other lines", () => {
  const good = [1, 2, 3].map((n) => `{"id": ${n}, "url": "http://${n}.example/"}`);
  const data = { data: [good[0], '{"id": 4, "url": "http://4.exa', "", good[1], "{}"].join("\n") };
  deepEqual(urls(data), ["http://1.example/", "http://2.example/"]);
  const { rejected, skipped } = read(data);
  deepEqual(rejected, [{ record: 2, reason: "The line is not a JSON object" }]);
  deepEqual(Object.values(skipped), [1]);
});

Deno.test("openphish_feed makes the same events with another id", () => {
  const data = { data: "http://a.example" };
  deepEqual(OPENPHISH_FILTER.read(data, SOURCE), read(data));
  notEqual(OPENPHISH_FILTER.id, PHISHTANK_FILTER.id);
});

Deno.test("phishtank_feed keeps the number of an entry that is too large for a document", () => {
  const quotes = '"'.repeat(3_000_000);
  const { events, rejected } = read({ data: `http://a.example\nhttp://${quotes}\n` });
  equal(events.length, 1);
  deepEqual(rejected.map(({ record }) => record), [2]);
});

for (const separator of [";", "\t", "|"]) {
  Deno.test(`phishtank_feed reads the column url of a table with ${JSON.stringify(separator)}`, () => {
    const rows = [["id", "url", "target"], ["1", "http://a.example/x,y", "z"], [
      "2",
      '"http://b.example/"',
      "",
    ]];
    const data = rows.map((row) => row.join(separator)).join("\n");
    deepEqual(urls({ data }), ["http://a.example/x,y", "http://b.example/"]);
  });
}

Deno.test("phishtank_feed reads quoted lines, JSON strings and a list in an object", () => {
  const found = ["http://a.example/", "http://b.example/"];
  deepEqual(urls({ data: found.map((url) => JSON.stringify(url)).join("\n") }), found);
  deepEqual(urls(found), found);
  deepEqual(urls({ meta: { count: 2n }, tags: ["x"], data: found.map((url) => ({ url })) }), found);
});

Deno.test("phishtank_feed rejects a broken line of JSON Lines", () => {
  const { events, rejected } = read({ data: '{"url":"http://a.example/"}\nbroken\n{"url":"x"}\n' });
  deepEqual([events.length, rejected.map(({ record }) => record)], [1, [2]]);
});

Deno.test("phishtank_feed reads a table below comments, its header as a comment, or half a row", () => {
  const rows = "1,http://a.example/,A\n2,http://b.example/,B\n";
  const expected = ["http://a.example/", "http://b.example/"];
  for (const start of ["# PhishTank\n# phish_id,url,target\n", 'le,"x"\nphish_id,url,target\n']) {
    deepEqual(urls({ data: start + rows }), expected);
  }
  // The words of a URL are not names of columns.
  deepEqual(urls({ data: "http://a.example/?a,url,b\nhttp://b.example/\n" }), [
    "http://a.example/?a,url,b",
    "http://b.example/",
  ]);
});

Deno.test("phishtank_feed rejects a last row that was cut off within its url", () => {
  const header = "phish_id,url,target\n1,http://a.example/,A\n";
  const { events, rejected } = read({ data: `${header}2,http://b.exa` });
  deepEqual([events.length, rejected.map(({ record }) => record)], [1, [2]]);
  equal(read({ data: `${header}2,http://b.example/\n` }).events.length, 2);
  equal(read({ data: "phish_id,url\n2,http://b.example/" }).events.length, 1);
});

Deno.test("phishtank_feed reads lines that end as those of an old Mac", () => {
  const expected = ["http://a.example/", "http://b.example/"];
  deepEqual(urls({ data: "http://a.example/\rhttp://b.example/\r" }), expected);
  deepEqual(urls({ data: "id,url\r1,http://a.example/\r2,http://b.example/\r" }), expected);
});

Deno.test("phishtank_feed reads an object of one entry, entries under their ids, and url in any case", () => {
  const [one, two] = [{ url: "http://a.example/" }, { URL: "http://b.example/" }];
  deepEqual(urls(one), ["http://a.example/"]);
  deepEqual(urls(two), ["http://b.example/"]);
  deepEqual(urls({ "1": one, "2": two }), ["http://a.example/", "http://b.example/"]);
  const others = [
    { message: "Forbidden", url: "http://server.example/" },
    { "1": one, meta: { page: 1n } },
  ];
  for (const data of others) throws(() => read(data), { code: "EVENTS_REJECTED" });
});

Deno.test("phishtank_feed rejects rows whose address may be cut, and counts those without one", () => {
  const text = "phish_id,url,target\n1,http://a.example/x,y,P\n2,http://b.example/,P,,\n" +
    '3,"http://c.example/\nx",P\n4,,P\n';
  deepEqual(urls({ data: text }), ["http://b.example/"]);
  const { rejected, skipped } = read({ data: text });
  deepEqual(rejected, [
    { record: 1, reason: "The row has more cells than the header has names" },
    { record: 3, reason: "The url has a line break or control character in it" },
  ]);
  deepEqual(skipped, { "entry without an http, https or ftp URL": 1 });
  throws(() => read({ data: "http://a.example/\0\n" }), {
    code: "EVENTS_REJECTED",
    message: /has no entry .*line break or control character/,
  });
});

Deno.test("phishtank_feed reads a table whose header was cut off", () => {
  const row = (id: number, url: string) =>
    `${id},${url},http://p.example/${id},2026,yes,2026,yes,P\n`;
  const text = `yes,2026,yes,P\n${row(1, '"http://a.example/x,y"')}${row(2, "http://b.example/")}`;
  deepEqual(urls({ data: text }), ["http://a.example/x,y", "http://b.example/"]);
  deepEqual(Object.values(read({ data: text }).skipped), [1]);
});
