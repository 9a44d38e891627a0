import { deepEqual, equal } from "../assert.ts";
import { within } from "../../lib/door/shared_work.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import { doorTest } from "./open_door.ts";

Deno.test("within returns nothing for what takes longer, which goes on", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  equal(await within(promise, 10), undefined);
  resolve(1);
  equal(await within(promise, 10_000), 1);
});

const COUNT = { type: "count", data: { sub_type: "ipv4", data: "192.0.2.1" } };

doorTest("LocalAnswerer answers what a worker left unfinished", async (door) => {
  const analyst = await door.addUser("a@example.com");
  const { _hash: orgid } = await door.addOrg("lab", [analyst]);
  const address = attribute("ipv4", "192.0.2.1");
  await door.archive.put([address, event("sighting", [address], { orgid, timestamp: 1 })]);
  const first = await door.post(analyst, "/query", COUNT);
  const [query] = (await Array.fromAsync(door.reports.all()))
    .filter((each) => each.itype === "object" && each.sub_type === "query");
  const waiting = {
    ...(await door.inbox.find(query!._hash))!,
  };
  await door.inbox.ask({ ...waiting, data: { ...waiting.data, status: ["wait"] } }, []);
  equal((await door.inbox.status(door.clock.now)).counts.wait, 1);
  const again = await door.post(analyst, "/query", COUNT);
  deepEqual([again.status, again.body.data], [201, first.body.data]);
  equal((await door.inbox.status(door.clock.now)).counts.ready, 1);
});

doorTest("LocalAnswerer shares the work for equal questions", async (door) => {
  const analyst = await door.addUser("a@example.com");
  await door.addOrg("lab", [analyst]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => door.post(analyst, "/query", COUNT)),
  );
  deepEqual([...new Set(answers.map(({ status }) => status))].sort(), [201]);
}, { questions: 20 });

doorTest("LocalAnswerer gives those who ask again what came late, once", async (door) => {
  const analyst = await door.addUser("a@example.com");
  const { _hash: orgid } = await door.addOrg("lab", [analyst]);
  const address = attribute("ipv4", "192.0.2.1");
  const seen = (timestamp: number) => event("sighting", [address], { orgid, timestamp });
  await door.archive.put([address, seen(1)]);
  const asked = { qtype: "count", question: COUNT.data, userid: analyst._hash };
  const options = { redo: true, store: false, ms: 10_000 };
  // All others wait for the end of what is done atomically.
  await door.archive.atomically(async () => {
    equal(await door.answerer.ask(asked, { ...options, ms: 10 }), undefined);
  });
  await door.answerer.ask({ ...asked, question: { ...COUNT.data, data: "192.0.2.2" } }, options);
  await door.archive.put([seen(2)]);
  equal((await door.answerer.ask(asked, options))?.report.data, 1n);
  equal((await door.answerer.ask(asked, options))?.report.data, 2n);
});

doorTest("LocalAnswerer gives nothing late of what the user has left meanwhile", async (door) => {
  const analyst = await door.addUser("a@example.com");
  const { _hash: orgid } = await door.addOrg("lab", [analyst]);
  const address = attribute("ipv4", "192.0.2.1");
  await door.archive.put([address, event("sighting", [address], { orgid, timestamp: 1 })]);
  const asked = { qtype: "count", question: COUNT.data, userid: analyst._hash };
  const options = { redo: true, store: false, ms: 10_000 };
  await door.archive.atomically(async () => {
    equal(await door.answerer.ask(asked, { ...options, ms: 10 }), undefined);
  });
  await door.answerer.ask({ ...asked, question: { ...COUNT.data, data: "192.0.2.2" } }, options);
  await door.identity.remove(orgid);
  equal((await door.answerer.ask(asked, options))?.report.data, 0n);
});
