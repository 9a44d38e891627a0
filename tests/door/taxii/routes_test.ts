import { deepEqual, equal, match } from "../../assert.ts";
import { exportAnswer } from "../../../lib/answers/export/export_answer.ts";
import { askRelated } from "../../../lib/answers/ask_answer.ts";
import { issueToken } from "../../../lib/identity/token.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event } from "../../../lib/tahoe/event.ts";
import type { Event, TahoeObject } from "../../../lib/tahoe/instance.ts";
import { type Door, doorTest, NOW, SECRET } from "../open_door.ts";

const TYPE = "application/taxii+json;version=2.1";
const ROOT = "/taxii2/api/";

type StixObject = { readonly id: string; readonly type: string; readonly [name: string]: unknown };

/** Stores events of two organisations, each with a URL of its own, and every other one malicious. */
async function addEvents(door: Door, users: readonly TahoeObject[], count = 6): Promise<Event[]> {
  const address = attribute("ipv4", "203.0.113.7");
  const events: Event[] = [];
  for (const [at, user] of users.entries()) {
    const { _hash: orgid } = await door.addOrg(`org${at}`, [user]);
    for (let i = 0; i < count; i++) {
      const url = attribute("url", `http://${at}.example.com/${i}`);
      const made = {
        ...event("sighting", [address, url], { orgid, timestamp: NOW - i }),
        category: i % 2 === 0 ? "malicious" as const : "unknown" as const,
      };
      await door.archive.put([address, url, made]);
      events.push(made);
    }
  }
  return events;
}

/** Stores one more event, of long ago. */
async function addOne(door: Door, orgid: string): Promise<void> {
  const late = attribute("url", "http://late.example.com/");
  await door.archive.put([late, event("sighting", [late], { orgid, timestamp: NOW - 1e6 })]);
}

/** Finds the collection of this title. */
async function pathOf(door: Door, user: TahoeObject, title: string): Promise<string> {
  const { body } = await door.as(user, `${ROOT}collections/`);
  const found = body.collections.find((each: { title: string }) => each.title === title);
  return `${ROOT}collections/${found.id}/`;
}

/** Reads all pages of a collection. */
async function readAll(door: Door, user: TahoeObject, path: string): Promise<StixObject[][]> {
  const pages: StixObject[][] = [];
  let next = "";
  do {
    const { status, body } = await door.as(user, `${path}${next}`);
    equal(status, 200);
    pages.push(body.objects ?? []);
    next = body.more ? `${path.includes("?") ? "&" : "?"}next=${body.next}` : "";
  } while (next !== "");
  return pages;
}

const idsOf = (objects: readonly StixObject[]) => [...new Set(objects.map(({ id }) => id))].sort();

doorTest("discovery leads to the collections of a user", async (door) => {
  const users = [await door.addUser("a@example.com"), await door.addUser("b@example.com")];
  await addEvents(door, users);
  const { body, headers } = await door.as(users[0]!, "/taxii2/");
  deepEqual([headers.get("content-type"), body.api_roots], [TYPE, [ROOT]]);
  const root = await door.as(users[0]!, body.default);
  deepEqual(root.body.versions, [TYPE]);
  const { body: { collections } } = await door.as(users[0]!, `${ROOT}collections/`);
  deepEqual(collections.map(({ title }: { title: string }) => title), ["Malicious", "org0"]);
  const one = await door.as(users[0]!, `${ROOT}collections/${collections[1].id}/`);
  deepEqual(one.body, collections[1]);
  deepEqual([one.body.can_read, one.body.can_write], [true, false]);
});

doorTest("a collection has the objects that the export of its events has", async (door) => {
  const user = await door.addUser("a@example.com");
  await addEvents(door, [user]);
  const path = `${await pathOf(door, user, "org0")}objects/`;
  const objects = (await readAll(door, user, path)).flat();
  const ask = async (qtype: string, data: unknown) => {
    const { body } = await door.post(user, "/query", { type: qtype, data });
    return body;
  };
  const question = {
    sub_type: "ipv4",
    data: "203.0.113.7",
    match: "equivalent",
    summary: false,
  } as const;
  const bundle = JSON.parse(exportAnswer(await askRelated(ask, question), "stix"));
  const isOfEvents = ({ type }: StixObject) => type !== "note" && type !== "relationship";
  const exported: StixObject[] = bundle.objects.filter(isOfEvents);
  deepEqual(idsOf(objects), idsOf(exported));
  const without = ({ modified: _modified, ...rest }: StixObject) => rest;
  const byId = new Map(exported.map((each) => [each.id, without(each)]));
  for (const each of objects) deepEqual(without(each), byId.get(each.id));
});

for (const limit of [1, 2, 3, 5, 1000]) {
  doorTest(`pages of ${limit} objects have everything once`, async (door) => {
    const user = await door.addUser("a@example.com");
    await addEvents(door, [user]);
    const path = `${await pathOf(door, user, "org0")}objects/`;
    const pages = await readAll(door, user, `${path}?limit=${limit}`);
    equal(pages.every((page) => page.length <= limit), true);
    equal(idsOf(pages.flat()).length, 2 + 1 + 6 + 6);
    equal(pages.flat().length, 2 + 1 + 6 + 6);
  });
}

doorTest("each object comes once in pages of what is malicious, or chosen", async (door) => {
  const user = await door.addUser("a@example.com");
  await addEvents(door, [user]);
  for (
    const [title, rest, expected] of [["Malicious", "", 9], [
      "org0",
      "&match[type]=ipv4-addr",
      1,
    ]] as const
  ) {
    const path = `${await pathOf(door, user, title)}objects/?limit=1${rest}`;
    const ids = (await readAll(door, user, path)).flat().map(({ id }) => id);
    deepEqual(ids.toSorted(), [...new Set(ids)].toSorted());
    equal(ids.length, expected);
  }
});

doorTest("an object that two kinds of values become comes once", async (door) => {
  const user = await door.addUser("a@example.com");
  const { _hash: orgid } = await door.addOrg("org0", [user]);
  for (const subType of ["domain", "hostname", "ipv4", "ipv6"]) {
    const name = attribute(subType, subType.startsWith("ip") ? "2001:db8::1" : "a.example.com");
    await door.archive.put([name, event("sighting", [name], { orgid, timestamp: NOW })]);
  }
  const path = `${await pathOf(door, user, "org0")}objects/?limit=1`;
  const types = (await readAll(door, user, path)).flat().map(({ type }) => type);
  equal(types.length, 2 + 4 + 2, String(types));
});

doorTest("who begins with added_after gets all observables of what came later", async (door) => {
  const user = await door.addUser("a@example.com");
  const [first] = await addEvents(door, [user]);
  const path = await pathOf(door, user, "org0");
  const { headers } = await door.as(user, `${path}objects/`);
  const address = attribute("ipv4", "203.0.113.7");
  for (const timestamp of [1, 2]) {
    const made = event("sighting", [address], { orgid: first!.orgid, timestamp });
    await door.archive.put([address, made]);
  }
  const later = `added_after=${headers.get("x-taxii-date-added-last")}&limit=1`;
  const objects = (await readAll(door, user, `${path}objects/?${later}`)).flat();
  deepEqual(objects.map(({ type }) => type), ["ipv4-addr", "observed-data", "observed-data"]);
  // The address has one version, however it is come by.
  const versionOf = async (search: string) => {
    const { body } = await door.as(user, `${path}manifest/?match[type]=ipv4-addr&${search}`);
    return body.objects[0].version;
  };
  equal(await versionOf(later), await versionOf("limit=1"));
});

doorTest("added_after refuses a day that no month has", async (door) => {
  const user = await door.addUser("a@example.com");
  await addEvents(door, [user]);
  const path = `${await pathOf(door, user, "org0")}objects/`;
  const statusOf = async (time: string) =>
    (await door.as(user, `${path}?added_after=${time}`)).status;
  equal(await statusOf("2024-02-29T00:00:00.5Z"), 200);
  for (const time of ["2026-02-30T00:00:00Z", "2026-04-31T00:00:00Z", "2026-02-01T24:00:00Z"]) {
    equal(await statusOf(time), 400, time);
  }
});

doorTest("added_after has what came later, and nothing twice", async (door) => {
  const user = await door.addUser("a@example.com");
  await addEvents(door, [user]);
  const path = `${await pathOf(door, user, "org0")}objects/`;
  const first = await door.as(user, path);
  const last = first.headers.get("x-taxii-date-added-last")!;
  equal((await door.as(user, `${path}?added_after=${last}`)).body.objects, undefined);
  equal((await door.as(user, `${path}?added_after=2023-01-01T00:00:00Z`)).body.objects.length, 15);
  const orgs = await door.as(user, "/orgs/user_of");
  await addOne(door, orgs.body.result[0]._hash);
  const { body, headers } = await door.as(user, `${path}?added_after=${last}`);
  deepEqual(body.objects.map(({ type }: StixObject) => type), ["url", "observed-data"]);
  equal(headers.get("x-taxii-date-added-first")! > last, true);
});

doorTest("added_after means the same after the server was started again", async (door) => {
  const user = await door.addUser("a@example.com");
  await addEvents(door, [user]);
  const path = `${await pathOf(door, user, "org0")}objects/`;
  const first = await door.as(user, path);
  const last = first.headers.get("x-taxii-date-added-last")!;
  door.clock.now += 1000;
  const again = door.again();
  equal((await again.as(user, `${path}?added_after=${last}`)).body.objects, undefined);
  deepEqual((await again.as(user, path)).headers, first.headers);
  const orgs = await door.as(user, "/orgs/user_of");
  await addOne(door, orgs.body.result[0]._hash);
  const { body, headers } = await again.as(user, `${path}?added_after=${last}`);
  deepEqual(body.objects.map(({ type }: StixObject) => type), ["url", "observed-data"]);
  equal(headers.get("x-taxii-date-added-first")!.slice(0, 19), "2023-11-14T22:30:00");
});

for (const limit of [4, 5, 7, 20]) {
  doorTest(
    `going on with added_after, by ${limit} objects, misses no event stored at one moment`,
    async (door) => {
      const user = await door.addUser("a@example.com");
      await addEvents(door, [user], 12);
      const path = `${await pathOf(door, user, "org0")}objects/?limit=${limit}`;
      const found: StixObject[] = [];
      let after = "";
      for (let page = 0; page < 40; page++) {
        const { body, headers } = await door.as(user, `${path}${after}`);
        found.push(...body.objects ?? []);
        if (!body.more) break;
        after = `&added_after=${headers.get("x-taxii-date-added-last")}`;
      }
      equal(idsOf(found).length, 2 + 1 + 12 + 12);
    },
  );
}

for (const limit of [1, 3, 1000]) {
  doorTest(
    `an event that cannot be read is left out of pages of ${limit} objects, and told`,
    async (door) => {
      const user = await door.addUser("a@example.com");
      const events = await addEvents(door, [user]);
      const damaged = events[2]!;
      await door.archive.replace(damaged._hash, { ...damaged, data: "x" } as unknown as Event);
      const path = `${await pathOf(door, user, "org0")}objects/?limit=${limit}`;
      const objects = (await readAll(door, user, path)).flat();
      equal(objects.filter(({ type }) => type === "observed-data").length, 5);
      deepEqual([...new Set(door.damaged.map(({ hash, reason }) => `${hash} ${reason}`))], [
        `${damaged._hash} data is a string, not an object`,
      ]);
      const manifest = await door.as(user, path.replace("objects", "manifest"));
      equal(manifest.status, 200);
    },
  );
}

doorTest("match selects by type, id, version and specification", async (door) => {
  const user = await door.addUser("a@example.com");
  await addEvents(door, [user]);
  const path = `${await pathOf(door, user, "org0")}objects/`;
  const read = async (query: string) =>
    (await readAll(door, user, `${path}?${query}`)).flat().map(({ type }) => type);
  deepEqual(await read("match[type]=ipv4-addr,identity"), ["identity", "ipv4-addr"]);
  equal((await read("match[type]=url&limit=4")).length, 6);
  deepEqual(await read("match[spec_version]=2.0"), []);
  equal((await read("match[spec_version]=2.1&match[version]=last&match[type]=url")).length, 6);
  const [address] = (await readAll(door, user, `${path}?match[type]=ipv4-addr`)).flat();
  deepEqual(await read(`match[id]=${address!.id}`), ["ipv4-addr"]);
  const one = await door.as(user, `${path}${address!.id}/`);
  deepEqual(one.body.objects, [address]);
  const versions = await door.as(user, `${path}${address!.id}/versions/`);
  equal(versions.body.versions.length, 1);
  equal((await door.as(user, `${path}url--00000000-0000-4000-8000-000000000000/`)).status, 404);
  const { body } = await door.as(user, path.replace("objects", "manifest"));
  deepEqual(Object.keys(body.objects[0]).sort(), ["date_added", "id", "media_type", "version"]);
});

doorTest("users read the events of their organisations only", async (door) => {
  const users = [await door.addUser("a@example.com"), await door.addUser("b@example.com")];
  const events = await addEvents(door, users);
  for (const [at, user] of users.entries()) {
    const other = users[1 - at]!;
    for (const title of ["Malicious", `org${at}`]) {
      const path = await pathOf(door, user, title);
      const text = JSON.stringify(await readAll(door, user, `${path}objects/`));
      for (const each of events) {
        const isOwn = events.indexOf(each) < 6 === (at === 0);
        const isIn = isOwn && (title !== "Malicious" || each.category === "malicious");
        equal(text.includes(each._hash), isIn, `${title} ${each._hash}`);
      }
    }
    equal((await door.as(other, await pathOf(door, user, `org${at}`))).status, 404);
  }
});

const WRONG: readonly (readonly [string, number, RegExp])[] = [
  ["objects/?limit=0", 400, /whole number/],
  ["objects/?limit=x", 400, /whole number/],
  ["objects/?next=WzFd", 400, /Cannot read next/],
  ["objects/?next=!", 400, /Cannot read next/],
  ["objects/?added_after=yesterday", 400, /Cannot read added_after/],
  ["objects/?added_after=2026-99-99T00:00:00Z", 400, /Cannot read added_after/],
  ["objects/?other=1", 400, /parameters/],
];

for (const [path, status, title] of WRONG) {
  doorTest(`TAXII refuses ${path}`, async (door) => {
    const user = await door.addUser("a@example.com");
    await addEvents(door, [user], 1);
    const answer = await door.as(user, `${await pathOf(door, user, "org0")}${path}`);
    deepEqual([answer.status, answer.body.http_status], [status, String(status)]);
    match(answer.body.title, title);
    equal(answer.headers.get("content-type"), TYPE);
  });
}

doorTest("TAXII takes Basic and Bearer, and nobody else", async (door) => {
  const user = await door.addUser("a@example.com");
  await door.addOrg("lab", [user]);
  const token = await issueToken(user, SECRET);
  for (const header of [`Basic ${btoa(`a@example.com:${token}`)}`, `Bearer ${token}`]) {
    const headers = { authorization: header, accept: TYPE };
    equal((await door.request("/taxii2/", { headers })).status, 200);
    const other = { authorization: header, accept: "text/html" };
    equal((await door.request("/taxii2/", { headers: other })).status, 406);
  }
  for (const path of ["/taxii2/", ROOT, `${ROOT}collections/`, `${ROOT}collections/x/objects/`]) {
    const { status, headers } = await door.request(path);
    deepEqual([status, headers.get("www-authenticate")?.includes("Basic")], [401, true], path);
  }
});
