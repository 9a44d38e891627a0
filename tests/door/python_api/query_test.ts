import { deepEqual, equal, match, notEqual } from "../../assert.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event } from "../../../lib/tahoe/event.ts";
import { type Door, doorTest } from "../open_door.ts";

const COUNT = { type: "count", data: { sub_type: "ipv4", data: "203.0.113.7" } };

/** Makes a user, and `number` events that they may see. */
async function addEvents(door: Door, number = 2) {
  const analyst = await door.addUser("analyst@example.com");
  const { _hash: orgid } = await door.addOrg("lab", [analyst]);
  const address = attribute("ipv4", "203.0.113.7");
  const events = Array.from(
    { length: number },
    (_, i) => event("sighting", [address], { orgid, timestamp: 1_600_000_000 + i }),
  );
  await door.archive.put([address, ...events]);
  return { analyst, address, orgid };
}

doorTest("query answers with the report", async (door) => {
  const { analyst } = await addEvents(door);
  const { status, body } = await door.post(analyst, "/query", COUNT);
  equal(status, 201);
  const { itype, sub_type, data, userid } = body;
  deepEqual([itype, sub_type, data, userid], ["report", "count", 2, analyst._hash]);
});

doorTest(
  "query gives the same report for an hour, and a new one with redo or later",
  async (door) => {
    const { analyst, address, orgid } = await addEvents(door);
    const first = await door.post(analyst, "/query", COUNT);
    await door.archive.put([event("sighting", [address], { orgid, timestamp: 1_600_000_009 })]);
    door.clock.now += 60;
    deepEqual((await door.post(analyst, "/query", COUNT)).body, first.body);
    equal((await door.post(analyst, "/query", { ...COUNT, redo: true })).body.data, 3);
    equal((await door.post(analyst, "/query", COUNT)).body.data, 3);
    await door.archive.put([event("sighting", [address], { orgid, timestamp: 1_600_000_010 })]);
    door.clock.now += 3600;
    equal((await door.post(analyst, "/query", COUNT)).body.data, 4);
  },
);

doorTest("query gives no report of organisations that the user has left", async (door) => {
  const { analyst, orgid } = await addEvents(door);
  const first = await door.post(analyst, "/query", COUNT);
  deepEqual([first.body.data, first.body.orgids], [2, [orgid]]);
  await door.identity.remove(orgid);
  const second = await door.post(analyst, "/query", COUNT);
  deepEqual([second.body.data, second.body.orgids], [0, []]);
});

doorTest("query stores the question sealed, beside its report", async (door) => {
  const { analyst } = await addEvents(door);
  await door.post(analyst, "/query", COUNT);
  const queries = (await Array.fromAsync(door.reports.all()))
    .filter((each) => each.itype === "object" && each.sub_type === "query");
  equal(queries.length, 1);
  const query = (await door.inbox.find(queries[0]!._hash))!;
  deepEqual(query.data["status"], ["ready"]);
  deepEqual(query.data["encrypted"], [true]);
  equal(String(query.data["qdata"]?.[0]).includes("203.0.113.7"), false);
  deepEqual(await door.reports.missing(query._ref), []);
  deepEqual((await door.inbox.status(door.clock.now)).counts.ready, 1);
});

doorTest("query answers with the report of a failure", async (door) => {
  const { analyst } = await addEvents(door);
  const { status, body } = await door.post(analyst, "/query", { type: "count", data: { x: 1 } });
  equal(status, 201);
  match(body.data, /^ValidationError: /);
});

doorTest("query keeps questions of two users apart", async (door) => {
  const { analyst } = await addEvents(door);
  const outsider = await door.addUser("outsider@example.com");
  equal((await door.post(analyst, "/query", COUNT)).body.data, 2);
  const { body } = await door.post(outsider, "/query", COUNT);
  deepEqual([body.data, body.userid], [0, outsider._hash]);
});

const UNREADABLE: readonly (readonly [string, unknown, string])[] = [
  ["no type", { data: {} }, "Invalid query format! KeyError('type')'type'"],
  ["no data", { type: "count" }, "Invalid query format! KeyError('data')'data'"],
  ["a type that is not a string", { type: 1, data: {} }, "Invalid query format! type"],
  ["no JSON", "{", "Invalid input: the body is not JSON!"],
  ["no object", "[]", "Invalid input: the body is not a JSON object!"],
  ["nothing", "", "Invalid input: the body is not JSON!"],
  ["deep JSON", "[".repeat(500) + "]".repeat(500), "Invalid input: "],
];

for (const [what, body, message] of UNREADABLE) {
  doorTest(`query refuses ${what}`, async (door) => {
    const answer = await door.post(await door.addUser("a@example.com"), "/query", body);
    equal(answer.status, 400);
    equal(answer.body.message.startsWith(message), true, answer.body.message);
  });
}

doorTest(
  "query says that a question is being worked on",
  async (door) => {
    const analyst = await door.addUser("a@example.com");
    const { status, body } = await door.post(analyst, "/query", COUNT);
    deepEqual([status, body], [202, { message: "check back later", status: "processing" }]);
  },
  { answerer: { ask: () => Promise.resolve(undefined) } },
);

doorTest("query works without a public key: the question is stored as it is", async (door) => {
  const { analyst } = await addEvents(door);
  const { status, body } = await door.post(analyst, "/query", COUNT);
  deepEqual([status, body.data], [201, 2]);
  notEqual(body._hash, undefined);
}, { withoutKey: true });
