import { deepEqual, equal, match } from "../../assert.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event } from "../../../lib/tahoe/event.ts";
import { type Door, doorTest, NOW } from "../open_door.ts";

/** Makes a user, and two events that they may see. */
async function addEvents(door: Door) {
  const analyst = await door.addUser("analyst@example.com");
  const { _hash: orgid } = await door.addOrg("lab", [analyst]);
  const address = attribute("ipv4", "203.0.113.7");
  const url = attribute("url", "http://example.com/");
  const events = [0, 1].map((i) => ({
    ...event("sighting", [address, url], { orgid, timestamp: NOW - i }),
    category: "malicious" as const,
  }));
  await door.archive.put([address, url, ...events]);
  return { analyst, events };
}

doorTest("count answers about a defanged indicator", async (door) => {
  const { analyst } = await addEvents(door);
  const { status, body } = await door.as(analyst, "/api/v1/count?q=203.0.113[.]7&by=day");
  equal(status, 200);
  deepEqual([body.data, body.details.events, body.details.asked], [
    2,
    2,
    { sub_type: "ipv4", data: "203.0.113.7" },
  ]);
  equal(body.details.histogram.length, 1);
});

doorTest("related answers with levels, pages and return types", async (door) => {
  const { analyst } = await addEvents(door);
  const path = "/api/v1/related?q=203.0.113.7&level=1&summary=false&return_type=event";
  const { status, body } = await door.as(analyst, path);
  equal(status, 200);
  equal(body.details.events, 2);
});

doorTest("threatrank answers about an event", async (door) => {
  const { analyst, events } = await addEvents(door);
  const { status, body } = await door.as(analyst, `/api/v1/threatrank?event=${events[0]!._hash}`);
  deepEqual([status, body.sub_type, typeof body.data], [200, "threatrank", "number"]);
  const unknown = await door.as(analyst, `/api/v1/threatrank?event=${"0".repeat(64)}`);
  equal(unknown.status, 404);
  match(unknown.body.detail, /not an event that you may see/);
});

const WRONG: readonly (readonly [string, RegExp])[] = [
  ["count", /without the parameter q/],
  ["count?q=", /without the parameter q/],
  ["count?q=zz", /give sub_type/],
  ["count?q=1.1.1.1&q=2.2.2.2", /q is there twice/],
  ["count?q=1.1.1.1&x=1", /they are q, sub_type/],
  ["count?q=1.1.1.1&by=year", /by must be one of/],
  ["count?q=1.1.1.1&last=soon", /last/],
  ["count?q=1.1.1.1&category=bad", /category must be one of/],
  ["related?q=1.1.1.1&level=9", /level must be/],
  ["related?q=1.1.1.1&summary=maybe", /summary must be true or false/],
  ["related?q=1.1.1.1&cursor=WzFd", /Cannot read the cursor/],
  ["related?q=1.1.1.1&cursor=!", /Cannot read the cursor/],
  ["threatrank", /without the parameter q/],
  ["threatrank?event=x", /_hash must be 64 hex digits/],
  ["threatrank?event=x&q=1.1.1.1", /beside the parameter event/],
  ["top?q=1.1.1.1&limit=0", /limit must be from 1 to 1000/],
  ["top?q=1.1.1.1&limit=1001", /limit must be from 1 to 1000/],
  ["top?q=1.1.1.1&of=1", /of must be the name of a kind/],
  ["top?q=1.1.1.1&last=soon", /last/],
  ["top?q=", /without the parameter q/],
  ["top?last=soon", /last/],
  ["top?category=evil", /category must be one of/],
  ["top?context=malicious", /by context without q/],
  ["top?sub_type=ipv4", /by sub_type without q/],
  ["export?q=1.1.1.1", /without the parameter format/],
  ["export?q=1.1.1.1&format=pdf", /format must be one of stix, csv/],
  ["export?q=1.1.1.1&format=csv&type=all", /type must be one of count/],
  ["export?q=1.1.1.1&format=dot&type=count", /count has no graph/],
  ["lookup?q=zz", /give sub_type/],
  ["lookup?q=zz&sub_type=", /sub_type must be a name/],
  ["lookup?q=1.1.1.1&from=tomorrow%20or%20so", /from/],
];

for (const [path, detail] of WRONG) {
  doorTest(`the API refuses ${path} as a problem`, async (door) => {
    const { analyst } = await addEvents(door);
    const { status, body, headers } = await door.as(analyst, `/api/v1/${path}`);
    equal(status, 400);
    match(headers.get("content-type")!, /^application\/problem\+json/);
    deepEqual([body.title, body.status], ["Bad Request", 400]);
    match(body.detail, detail);
  });
}

doorTest("lookup answers for one value and for many", async (door) => {
  const { analyst } = await addEvents(door);
  const one = await door.as(analyst, "/api/v1/lookup?q=203.0.113.7");
  deepEqual([one.status, one.body.events, one.body.malicious, one.body.organisations], [
    200,
    2,
    2,
    ["lab"],
  ]);
  const values = ["203.0.113.7", "zz", "198.51.100.1"];
  const { status, body } = await door.post(analyst, "/api/v1/lookup", { values });
  equal(status, 200);
  deepEqual(body.rows.map((row: { events?: number }) => row.events), [2, undefined, 0]);
  match(body.rows[1].reason, /give sub_type/);
  deepEqual(
    body.rows[1].kinds,
    ["hostname", "username", "password", "filename"].map((sub_type) => ({
      sub_type,
      data: "zz",
      events: 0,
    })),
  );
  const { body: { rows: [holding] } } = await door.post(analyst, "/api/v1/lookup", {
    values: ["203.0.113.7 (Russia)"],
  });
  deepEqual(holding.held, { sub_type: "ipv4", data: "203.0.113.7" });
  match(
    holding.reason,
    /^holds ipv4 203\.0\.113\.7: ask for that; for the whole text, give sub_type/,
  );
  for (
    const wrong of [
      {},
      { values: "x" },
      { values: [1] },
      { values, x: "1" },
      { values, last: 1 },
      { values, text: "192.0.2.1" },
      { text: ["192.0.2.1"] },
    ]
  ) {
    equal((await door.post(analyst, "/api/v1/lookup", wrong)).status, 400);
  }
  for (const path of ["lookup?last=24h", "upload?orgid=lab"]) {
    const { status, body } = await door.post(analyst, `/api/v1/${path}`, { values });
    equal(status, 400);
    match(body.detail, /^Cannot read the parameters: give them in the body$/);
  }
  const many = Array.from({ length: 10_001 }, () => "192.0.2.1");
  equal((await door.post(analyst, "/api/v1/lookup", { values: many })).status, 400);
});

doorTest("lookup reads the indicators in a text", async (door) => {
  const { analyst } = await addEvents(door);
  const lookUp = (body: object) => door.post(analyst, "/api/v1/lookup", body);
  const text = "ip,note,seen\n203.0.113[.]7,Ann,1\n198.51.100.1,Bob,2\n300.0.0.1,,3\n";
  const { status, body } = await lookUp({ text });
  equal(status, 200);
  deepEqual(body.rows.map((row: { value: string; events?: number }) => [row.value, row.events]), [
    ["203.0.113.7", 2],
    ["198.51.100.1", 0],
    ["300.0.0.1", undefined],
  ]);
  match(body.rows[2].reason, /300 is more than 255 \(column ip\)$/);
  deepEqual([body.skipped, body.unread_columns], [{}, ["note", "seen"]]);
  const mail = await lookUp({ text: "Hi,\nwe saw 203.0.113.7 twice.\nAnn", last: "1d" });
  deepEqual(mail.body.skipped, { "line without an indicator": 2 });
  deepEqual(mail.body.rows.map(({ value }: { value: string }) => value), ["203.0.113.7"]);
  const named = await lookUp({ text: "setup.exe\n\nsetup.exe\n", sub_type: "filename" });
  deepEqual([named.body.rows.length, named.body.skipped], [1, { "repeated value": 1 }]);
  const [unclear] = (await lookUp({ text: "foo bar" })).body.rows;
  match(unclear.reason, /or another; give sub_type, such as \w+$/);
  const windows = (await lookUp({ text: "203.0.113.7\r\n".repeat(20_000) })).body.rows;
  equal(windows.length, 1);
  const marked = (await lookUp({ text: '\ufeff["203.0.113.7"]' })).body.rows;
  equal(marked[0].value, "203.0.113.7");
});

doorTest(
  "lookup refuses a text that is too large, without indicators, with too many, and a web page",
  async (door) => {
    const { analyst } = await addEvents(door);
    const many = Array.from({ length: 10_001 }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join("\n");
    const cases = [
      ["", /there is no indicator in the text/],
      [many, /more than 10000 values at once: there are 10001/],
      ["<!DOCTYPE html><html><body><p>Nothing here</p></body></html>", /web page|no indicator/],
    ] as const;
    for (const [text, detail] of cases) {
      const { status, body } = await door.post(analyst, "/api/v1/lookup", { text });
      equal(status, 400);
      match(body.detail, detail);
    }
  },
);

doorTest("upload answers with the id of the entry", async (door) => {
  const { analyst } = await addEvents(door);
  const body = new FormData();
  body.set("file", new Blob(['{"ipv4": "192.0.2.1"}']));
  for (const [name, value] of [["name", "n"], ["typetag", "sighting"], ["orgid", "lab"]] as const) {
    body.set(name, value);
  }
  const { status, body: uploaded } = await door.as(analyst, "/api/v1/upload", {
    method: "POST",
    body,
  });
  equal(status, 201);
  const [claim] = await door.lake.claim({ owner: "w", limit: 1, lease: 60, now: NOW });
  deepEqual(uploaded, { id: claim!.id, name: "n" });
});

doorTest("health and the description need no token", async (door) => {
  deepEqual((await door.request("/api/v1/health")).body, { status: "ok", version: "0" });
  const { body } = await door.request("/api/v1/openapi.json");
  equal(body.openapi, "3.1.0");
  // Whatever it refers to is there.
  for (const [, name] of JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    equal(Object.hasOwn(body.components.schemas, name!), true, name);
  }
});

doorTest("the description names every route under /api/v1, and its methods", async (door) => {
  const { body } = await door.request("/api/v1/openapi.json");
  for (const [path, methods] of Object.entries(body.paths as Record<string, object>)) {
    const { status, headers } = await door.request(`/api/v1${path}`, { method: "DELETE" });
    equal(status, 405);
    deepEqual(headers.get("allow")!.toLowerCase().split(", ").sort(), Object.keys(methods).sort());
  }
});

doorTest(
  "the API says that a question is being worked on",
  async (door) => {
    const analyst = await door.addUser("a@example.com");
    const { status, body, headers } = await door.as(analyst, "/api/v1/count?q=192.0.2.1");
    deepEqual([status, body.status, headers.get("retry-after")], [202, "processing", "5"]);
  },
  { answerer: { ask: () => Promise.resolve(undefined) } },
);
