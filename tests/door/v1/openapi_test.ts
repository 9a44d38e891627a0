import { deepEqual, equal } from "../../assert.ts";
import { Ajv2020 } from "ajv/dist/2020.js";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event } from "../../../lib/tahoe/event.ts";
import type { TahoeObject } from "../../../lib/tahoe/instance.ts";
import { type Answer, type Door, doorTest, NOW } from "../open_door.ts";

type Schema = { readonly [name: string]: unknown };

type Operation = {
  readonly responses: {
    readonly [status: string]: {
      readonly content: { readonly [type: string]: { schema: Schema } };
    };
  };
};

/** Checks a response against what the description says of its route and status. */
async function checkDescribed(
  door: Door,
  { path, answer, method = "get" }: { path: string; answer: Answer; method?: string },
) {
  const { body: description } = await door.request("/api/v1/openapi.json");
  const [route] = path.split("?");
  const operation = description.paths[`/${route}`][method] as Operation;
  const type = answer.headers.get("content-type")!;
  const schema = operation.responses[answer.status]?.content[type]?.schema;
  equal(schema !== undefined, true, `${path}: ${answer.status} ${type} is not described`);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: "openapi", components: description.components });
  const inDescription = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
  const validate = ajv.compile(inDescription);
  validate(answer.body);
  deepEqual(validate.errors ?? [], [], path);
}

async function addEvents(door: Door): Promise<{ analyst: TahoeObject; hash: string }> {
  const analyst = await door.addUser("analyst@example.com");
  const { _hash: orgid } = await door.addOrg("lab", [analyst]);
  const members = [attribute("ipv4", "203.0.113.7"), attribute("asn", 64500n)];
  const events = Array.from({ length: 12 }, (_, i) => ({
    ...event("sighting", members, { orgid, timestamp: NOW - i / 3 }),
    category: i % 2 === 0 ? "malicious" as const : "unknown" as const,
  }));
  await door.archive.put([...members, ...events]);
  return { analyst, hash: events[1]!._hash };
}

doorTest("the description takes and refuses sub-types as the door does", async (door) => {
  const { analyst } = await addEvents(door);
  const { body: { paths } } = await door.request("/api/v1/openapi.json");
  const { schema } = paths["/count"].get.parameters
    .find(({ name }: { readonly name: string }) => name === "sub_type");
  const pattern = new RegExp(schema.pattern);
  for (
    const subType of ["text", "größe", "_a1", "a^", "", "0", "9a", "a-b", "a b", "`", "a[", "{"]
  ) {
    const path = `/api/v1/count?q=x&sub_type=${encodeURIComponent(subType)}`;
    equal((await door.as(analyst, path)).status === 200, pattern.test(subType), subType);
  }
});

const Q = "q=203.0.113.7";

const PATHS = [
  `count?${Q}`,
  `count?${Q}&by=hour`,
  `histogram?${Q}`,
  "histogram?q=192.0.2.1",
  `related?${Q}`,
  `related?${Q}&summary_graph=true&level=2`,
  `related?${Q}&summary=false`,
  `threatrank?${Q}`,
  `top?${Q}&of=asn&limit=3`,
  "top",
  "top?of=ipv4&limit=3&category=malicious&last=30d&tzname=Europe/Berlin",
  `lookup?${Q}`,
  "lookup?q=192.0.2.1&last=1d",
  `export?${Q}&format=csv`,
  `export?${Q}&format=stix`,
  `export?${Q}&format=html`,
  "health",
  "openapi.json",
  // What is refused.
  "count",
  "related?q=zz",
  "top?q=192.0.2.1&limit=0",
  "top?context=malicious",
  `export?${Q}`,
  `threatrank?event=${"0".repeat(64)}`,
];

for (const path of PATHS) {
  doorTest(`the description is true of ${path}`, async (door) => {
    const { analyst } = await addEvents(door);
    await checkDescribed(door, { path, answer: await door.as(analyst, `/api/v1/${path}`) });
  });
}

doorTest("the description is true of the rank of an event", async (door) => {
  const { analyst, hash } = await addEvents(door);
  const path = `threatrank?event=${hash}`;
  await checkDescribed(door, { path, answer: await door.as(analyst, `/api/v1/${path}`) });
});

doorTest("the description is true of look-ups of many", async (door) => {
  const { analyst } = await addEvents(door);
  const body = { values: ["203.0.113.7", "zz", "192.0.2.1"] };
  const answer = await door.post(analyst, "/api/v1/lookup", body);
  await checkDescribed(door, { path: "lookup", answer, method: "post" });
});

doorTest("the description is true of requests without a token", async (door) => {
  for (const path of ["count?q=192.0.2.1", "lookup?q=192.0.2.1", "export?q=1.1.1.1&format=csv"]) {
    await checkDescribed(door, { path, answer: await door.request(`/api/v1/${path}`) });
  }
});

doorTest(
  "the description is true of what is being worked on",
  async (door) => {
    const { analyst } = await addEvents(door);
    for (const path of [`related?${Q}`, `lookup?${Q}`, `export?${Q}&format=csv`]) {
      await checkDescribed(door, { path, answer: await door.as(analyst, `/api/v1/${path}`) });
    }
  },
  { answerer: { ask: () => Promise.resolve(undefined) } },
);
