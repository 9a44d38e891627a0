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
    match(headers.get("content-disposition")!, /^attachment; filename="cybexp-\w+\.\w+"$/);
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
