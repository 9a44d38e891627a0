import { deepEqual, equal, match } from "../../assert.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event } from "../../../lib/tahoe/event.ts";
import { type Door, doorTest, NOW } from "../open_door.ts";

const ADDRESS = "203.0.113.7";

/** Makes a user, and 23 events of one address that they may see, each with a URL of its own. */
async function addEvents(door: Door) {
  const analyst = await door.addUser("analyst@example.com");
  const { _hash: orgid } = await door.addOrg("lab", [analyst]);
  const address = attribute("ipv4", ADDRESS);
  const links = Array.from({ length: 23 }, (_, i) => attribute("url", `http://${i}.example.com/`));
  const port = attribute("port", 22n);
  const events = links.map((link, i) => ({
    ...event("sighting", [address, link, port], { orgid, timestamp: NOW - 3600 * i }),
    category: i === 0 ? "malicious" as const : "unknown" as const,
  }));
  await door.archive.put([address, port, ...links, ...events]);
  const ask = (path: string) => door.as(analyst, `/api/v1/${path}`);
  return { analyst, events, ask, orgid, address };
}

doorTest("histogram chooses an interval that fits, or takes the one asked for", async (door) => {
  const { ask } = await addEvents(door);
  const { body } = await ask(`histogram?q=${ADDRESS}`);
  deepEqual([body.by, body.events, body.intervals.length], ["hour", 23, 23]);
  deepEqual([body.first_seen, body.last_seen], [NOW - 22 * 3600, NOW]);
  const days = await ask(`histogram?q=${ADDRESS}&by=day`);
  deepEqual(days.body.intervals.map(({ events }: { events: number }) => events), [23]);
  const nothing = await ask("histogram?q=192.0.2.99");
  deepEqual([nothing.body.by, nothing.body.intervals], [null, []]);
});

doorTest("answers are JSON, whatever numbers events hold", async (door) => {
  const { orgid, ask, address } = await addEvents(door);
  const odd = [NaN, Infinity, -Infinity].map((number) => attribute("size", number));
  await door.archive.put([
    ...odd,
    event("sighting", [address, ...odd], { orgid, timestamp: NOW - 1 }),
  ]);
  const { status, body } = await ask(`related?q=${ADDRESS}`);
  deepEqual([status, body.data.size], [200, [null, null, null]]);
  equal((await ask(`top?q=${ADDRESS}`)).status, 200);
});

doorTest("every answer is of the moment of the question, and none is stored", async (door) => {
  const { ask, orgid, address } = await addEvents(door);
  const counts = async () => [
    (await ask(`count?q=${ADDRESS}`)).body.data,
    (await ask(`histogram?q=${ADDRESS}`)).body.events,
    (await ask(`related?q=${ADDRESS}`)).body.details.events,
    (await ask(`threatrank?q=${ADDRESS}`)).body.events,
    (await ask(`lookup?q=${ADDRESS}`)).body.events,
  ];
  deepEqual(await counts(), Array(5).fill(23));
  await door.archive.put([event("sighting", [address], { orgid, timestamp: NOW - 5 })]);
  deepEqual(await counts(), Array(5).fill(24));
  deepEqual(await Array.fromAsync(door.reports.all()), []);
  await door.identity.remove(orgid);
  deepEqual(await counts(), Array(5).fill(0));
});

doorTest(
  "times are those of the command line: to is a whole day, minute or second",
  async (door) => {
    const { ask } = await addEvents(door);
    const paths = ["count?", "histogram?", "related?", "lookup?"].map((path) =>
      `${path}q=${ADDRESS}`
    );
    const events = async (times: string) =>
      await Promise.all(paths.map(async (path) => {
        const { body: { data, details, events } } = await ask(`${path}&${times}`);
        return details?.events ?? events ?? data;
      }));
    // The newest event is of 2023-11-14, 22:13:20.
    deepEqual(await events("from=2023-11-14&to=2023-11-14"), Array(4).fill(23));
    deepEqual(await events("from=2023-11-14T22:13&to=2023-11-14T22:13"), Array(4).fill(1));
    for (const path of paths) {
      const { status, body } = await ask(`${path}&to=03/04/2026`);
      equal(status, 400);
      match(body.detail, /to may mean two days/);
      equal((await ask(`${path}&from=2023-11-15&to=2023-11-14`)).status, 400);
    }
  },
);

doorTest("related goes on with the cursor, through the events of the first page", async (door) => {
  const { ask, orgid, address } = await addEvents(door);
  const path = `related?q=${ADDRESS}&summary=false&return_type=event&last=7d`;
  const hashes: string[] = [];
  let next: string | undefined;
  for (let page = 1; page < 9; page++) {
    const { body } = await ask(next === undefined ? path : `${path}&cursor=${next}`);
    hashes.push(...body.data.map(({ _hash }: { _hash: string }) => _hash));
    next = body.next;
    if (next === undefined) break;
    // What comes meanwhile does not move the pages.
    door.clock.now += 100;
    const late = event("sighting", [address], { orgid, timestamp: NOW + 50 + page });
    await door.archive.put([late]);
  }
  equal(hashes.length, 23);
  equal(new Set(hashes).size, 23);
});

doorTest("threatrank ranks the newest events of an indicator", async (door) => {
  const { ask, events } = await addEvents(door);
  const { body } = await ask(`threatrank?q=${ADDRESS}`);
  deepEqual(
    body.ranks.map((ranked: { event: { _hash: string } }) => ranked.event._hash),
    events.slice(0, 10).map(({ _hash }) => _hash),
  );
  deepEqual([body.ranks[0].report.data, body.ranks[0].malicious], [-1, true]);
  equal(body.ranks[1].report.data < 0, true);
  equal(body.ranks[1].malicious, false);
  equal((await ask(`threatrank?q=${ADDRESS}&cursor=${body.next}`)).body.ranks.length, 10);
});

doorTest("threatrank leaves out events that nobody can ask about", async (door) => {
  const { events, ask } = await addEvents(door);
  const [newest] = events;
  await door.archive.replace(newest!._hash, { ...newest!, _hash: "no hash" });
  const { status, body } = await ask(`threatrank?q=${ADDRESS}`);
  deepEqual([status, body.ranks.length], [200, 9]);
});

doorTest("lookup of one value has its rank, and what it is related to", async (door) => {
  const { ask } = await addEvents(door);
  const { body } = await ask(`lookup?q=${ADDRESS}`);
  deepEqual([body.events, body.threatrank, body.flags], [23, -1, []]);
  deepEqual(body.related[0], { sub_type: "port", data: 22, events: 10 });
  equal(body.related.length, 10);
  const { body: nothing } = await ask("lookup?q=192.0.2.99");
  deepEqual([nothing.events, nothing.related], [0, undefined]);
});

doorTest("top has what most events hold, too", async (door) => {
  const { ask } = await addEvents(door);
  const { body } = await ask(`top?q=${ADDRESS}`);
  deepEqual([body.events, body.counted, body.values.length], [23, 23, 20]);
  deepEqual(body.values[0], { sub_type: "port", data: 22, events: 23 });
  const urls = await ask(`top?q=${ADDRESS}&of=url&limit=3&last=1d`);
  deepEqual(
    urls.body.values.map(({ sub_type, events }: { sub_type: string; events: number }) => [
      sub_type,
      events,
    ]),
    [["url", 1], ["url", 1], ["url", 1]],
  );
});

const EXPORTS: readonly (readonly [path: string, type: RegExp, text: RegExp])[] = [
  ["format=csv", /^text\/csv/, /^sub_type,data,events,question\r\n/],
  ["format=csv&type=count", /^text\/csv/, /^sub_type,data,count,first_seen/],
  ["format=csv&type=threatrank", /^text\/csv/, /^hash,sub_type,time,category,threatrank/],
  ["format=dot", /^text\/vnd\.graphviz/, /^graph cybexp \{/],
  ["format=gexf&type=threatrank", /^application\/gexf\+xml/, /^<\?xml/],
  ["format=html&type=count", /^text\/html/, /^<!doctype html>[^]*"histogram"/],
];

for (const [path, type, text] of EXPORTS) {
  doorTest(`export answers ${path} as a file`, async (door) => {
    const { ask } = await addEvents(door);
    const { status, headers, body } = await ask(`export?q=${ADDRESS}&${path}`);
    equal(status, 200);
    match(headers.get("content-type")!, type);
    match(
      headers.get("content-disposition")!,
      /^attachment; filename="cybexp-\w+-203\.0\.113\.7-2023-11-14\.\w+"$/,
    );
    match(body, text);
  });
}

doorTest("export answers with a STIX bundle of the events", async (door) => {
  const { ask } = await addEvents(door);
  const { headers, body } = await ask(`export?q=${ADDRESS}&format=stix&summary=false`);
  equal(headers.get("content-type"), "application/stix+json;version=2.1");
  const types = body.objects.map(({ type }: { type: string }) => type);
  equal(types.filter((type: string) => type === "observed-data").length, 10);
});
