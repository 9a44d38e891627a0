import { deepEqual, equal, rejects } from "../assert.ts";
import { AnswerTooLarge } from "../../lib/graph/answer_too_large.ts";
import { Budget } from "../../lib/graph/budget.ts";
import type { EventFilter, Graph } from "../../lib/graph/graph.ts";
import { related, type RelatedOptions } from "../../lib/graph/related.ts";
import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Event, Instance } from "../../lib/tahoe/instance.ts";
import { addEvents, session } from "../../lib/tahoe/session.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { normalForms } from "../normal_form.ts";

const ip = attribute("ipv4", "192.0.2.1");
const ASKED = {
  attributes: [{ subType: "ipv4", data: "192.0.2.1" }],
  context: "all",
} as const;
const EVERYTHING: EventFilter = { orgids: ["o"], start: -Infinity, end: Infinity, category: "all" };
const LIST: RelatedOptions = {
  filter: EVERYTHING,
  returnType: "all",
  level: 1,
  page: 1,
  summary: false,
  summaryGraph: false,
};
const SUM = { ...LIST, summary: true };
const GRAPH = { ...LIST, summaryGraph: true };

async function withArchive(
  instances: readonly Instance[],
  body: (graph: Graph) => Promise<void>,
): Promise<void> {
  const sqlite = openSqlite(":memory:");
  const where = { db: "tahoe_db", coll: "instance" };
  try {
    await new SqliteInstances(sqlite, where).put(instances);
    await body(new SqliteGraph(sqlite, where));
  } finally {
    await sqlite.close();
  }
}

/** Makes events that each hold the address and an attribute of this many bytes. */
function sightings(count: number, bytes: number): { instances: Instance[]; events: Event[] } {
  const bodies = Array.from(
    { length: count },
    (_, number) => attribute("body", `${number}`.padStart(bytes, "x")),
  );
  const events = bodies.map((body, timestamp) =>
    event("sighting", [ip, body], { orgid: "o", timestamp })
  );
  return { instances: [ip, ...bodies, ...events], events };
}

Deno.test("related of an attribute in no event is empty in every form, without a further page", async () => {
  await withArchive([ip], async (graph) => {
    for (const [form, data] of [[LIST, []], [SUM, {}], [GRAPH, {}]] as const) {
      for (const page of [1, 2, Number.MAX_SAFE_INTEGER]) {
        const found = await related(graph, ASKED, { ...form, level: 3, page });
        deepEqual({ ...found, data: JSON.stringify(found.data) }, {
          data: JSON.stringify(data),
          currentPage: BigInt(page),
          nextPage: BigInt(page),
        });
      }
    }
  });
});

Deno.test("related rejects before its result exceeds 15 MiB, in every form", async () => {
  const MIB = 2 ** 20;
  const { instances } = sightings(9, 1.7 * MIB);
  await withArchive(instances, async (graph) => {
    for (const form of [LIST, SUM, GRAPH]) {
      await rejects(related(graph, ASKED, form), AnswerTooLarge);
    }
    const filter = { ...EVERYTHING, end: 7 };
    for (const form of [SUM, GRAPH]) await related(graph, ASKED, { ...form, filter });
    // Events repeat the values of their attributes.
    await rejects(related(graph, ASKED, { ...LIST, filter }), AnswerTooLarge);
    for (const returnType of ["attribute", "event", "object"] as const) {
      await related(graph, ASKED, { ...LIST, filter, returnType });
    }
  });
});

Deno.test("related follows a session of thousands of events completely", async () => {
  const { instances, events } = sightings(2500, 8);
  const id = attribute("sessionid", "s");
  const visit = addEvents(session("visit", id), events);
  await withArchive([...instances, id, visit], async (graph) => {
    const { data, nextPage } = await related(graph, ASKED, { ...SUM, level: 2 });
    const { body, ipv4 } = data as { [subType: string]: Value[] };
    equal(new Set(body).size, 2500);
    equal(body!.length, 2500);
    deepEqual(ipv4, ["192.0.2.1"]);
    equal(nextPage, 2n);
    const sessions = await related(graph, ASKED, {
      ...LIST,
      level: 2,
      returnType: "session",
    });
    deepEqual(normalForms(sessions.data as Value[]), normalForms([visit]));
  });
});

Deno.test("related shows nothing hidden to which a document refers", async () => {
  const hidden = event("secret", attribute("url", "http://example.com/"), {
    orgid: "p",
    timestamp: 1,
  });
  const seen = event("sighting", ip, { orgid: "o", timestamp: 1 });
  const visit = addEvents(session("visit", ip), [hidden, seen]);
  const odd: Event = { ...seen, _ref: [...seen._ref, hidden._hash, visit._hash] };
  await withArchive([ip, hidden, odd, visit], async (graph) => {
    const { data } = await related(graph, ASKED, LIST);
    deepEqual((data as unknown as Instance[]).map(({ itype }) => itype), ["event", "attribute"]);
    const deep = await related(graph, ASKED, { ...LIST, level: 3, returnType: "session" });
    const shown = { ...visit, _ref: [ip._hash, seen._hash] };
    deepEqual(normalForms(deep.data as Value[]), normalForms([shown]));
  });
});

Deno.test("related groups by sub-types such as __proto__", async () => {
  const odd = attribute("__proto__", "x");
  const seen = event("sighting", [ip, odd], { orgid: "o", timestamp: 1 });
  await withArchive([ip, odd, seen], async (graph) => {
    for (const form of [SUM, GRAPH]) {
      const { data } = await related(graph, ASKED, form);
      deepEqual(Object.keys(data as object).sort(), ["__proto__", "ipv4"]);
    }
  });
});

Deno.test("related rejects when its time is over, and says how to ask for less", async () => {
  const { instances } = sightings(2, 10);
  await withArchive(instances, async (graph) => {
    await rejects(related(graph, ASKED, { ...SUM, budget: new Budget(0) }), {
      name: "AnswerTooLarge",
      message: /^Cannot answer: the search took too long; ask for a shorter time, a lower level/,
    });
  });
});
