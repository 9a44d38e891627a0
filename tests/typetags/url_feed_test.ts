import assert from "node:assert/strict";
import type { Value } from "../../lib/tahoe/value.ts";
import { openphish_feed, phishtank_feed } from "../../lib/typetags/url_feed.ts";

const sent = { orgid: "org", timestamp: 1700000000.25 };

function read(data: Value) {
  return phishtank_feed.read(data, sent);
}

function urls(data: Value): readonly unknown[] {
  return read(data).events.map((event) => event.data["url"]![0]);
}

Deno.test("phishtank_feed reads one address a line and counts what is none", () => {
  const text = "# http://example.com/no\n http://a.example/?x=1,2 \r\n\n\tFTP://b.example\n" +
    "HTTPS://c.example/#d e\nhttp://\nhttp:///x\nmailto:a@b.example\n//d.example\n";
  assert.deepEqual(urls({ data: text }), [
    "http://a.example/?x=1,2",
    "FTP://b.example",
    "HTTPS://c.example/#d e",
  ]);
  const { skipped } = read({ data: text });
  assert.deepEqual(skipped, { "entry without an http, https or ftp URL": 5 });
});

Deno.test("phishtank_feed reads the column url of a CSV text", () => {
  const rows = '1,"http://a.example/x,y""z",2021-01-01\n\n2, http://b.example/#e ,2021-01-02\n3\n' +
    '4,http://c.example/"q",\n';
  for (const header of ["phish_id,url,submission_time", '\ufeff# 2\n\n"phish_id" , "URL",x']) {
    const data = { data: `${header}\r\n${rows}` };
    const expected = ['http://a.example/x,y"z', "http://b.example/#e", 'http://c.example/"q"'];
    assert.deepEqual(urls(data), expected);
    assert.deepEqual(Object.values(read(data).skipped), [1]);
  }
});

Deno.test("phishtank_feed reads lines below a lone header url whole", () => {
  assert.deepEqual(urls({ data: "url\nhttp://a.example/x,y\n" }), ["http://a.example/x,y"]);
});

Deno.test("phishtank_feed reads the field url of a JSON array, be it kept as text", () => {
  const rows = [{ phish_id: 1n, url: "http://a.example/" }, { url: null }, 5n, { urls: [] }];
  const text = { data: '[{"phish_id": 1, "url": "http://a.example/"}, {"url": null}, 5, {}]' };
  for (const data of [rows, text]) {
    assert.deepEqual(urls(data), ["http://a.example/"]);
    assert.deepEqual(Object.values(read(data).skipped), [3]);
  }
});

Deno.test("phishtank_feed makes events of the upload's time, malicious, and one of equals", () => {
  const { events, instances } = read({ data: "http://a.example\nhttp://a.example\n" });
  assert.equal(instances.length, 2);
  const [{ timestamp, category, sub_type, _mal_ref, _cref }] = events as [typeof events[0]];
  assert.deepEqual([timestamp, category, sub_type], [sent.timestamp, "malicious", "sighting"]);
  assert.deepEqual(_mal_ref, _cref);
});

Deno.test("phishtank_feed tells a feed without addresses from data that is no feed", () => {
  for (const data of [{ data: "" }, { data: "# none\n" }, [], [{}], { data: "id,url\n1,x" }]) {
    assert.throws(() => read(data), { name: "Rejected", code: "EVENTS_INVALID" });
  }
  assert.deepEqual(urls('{"data": "http://a.example/"}'), ["http://a.example/"]);
  const others = [null, 5n, "http://a.example/", {}, { data: 5n }, { data: 'id,url\n1,"x' }];
  for (const data of others) {
    assert.throws(() => read(data), { name: "Rejected", code: "EVENTS_REJECTED" });
  }
});

Deno.test("openphish_feed makes the same events under another id", () => {
  const data = { data: "http://a.example" };
  assert.deepEqual(openphish_feed.read(data, sent), read(data));
  assert.notEqual(openphish_feed.id, phishtank_feed.id);
});

Deno.test("phishtank_feed keeps the number of an entry that no document can hold", () => {
  const quotes = '"'.repeat(3_000_000);
  const { events, rejected } = read({ data: `http://a.example\nhttp://${quotes}\n` });
  assert.equal(events.length, 1);
  assert.deepEqual(rejected.map(({ record }) => record), [2]);
});
