import fc from "fast-check";
import { deepEqual, equal } from "../assert.ts";
import type { Org } from "../../lib/identity/org.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Event, TahoeObject } from "../../lib/tahoe/instance.ts";
import { type Door, NOW, openDoor } from "./open_door.ts";

const ORGS = ["one", "two", "three"];
const SHARED = "203.0.113.7";

/** What of an organisation only its users may see. */
type Secret = { readonly org: Org; readonly url: string; readonly event: Event };

type Community = {
  readonly door: Door;
  readonly users: readonly TahoeObject[];
  readonly secrets: readonly Secret[];
};

/** Roles of a user in each organisation. */
type Roles = readonly ("none" | "user" | "admin")[];

const ROLES = fc.array(
  fc.tuple(
    ...ORGS.map(() => fc.constantFrom("none" as const, "user" as const, "admin" as const)),
  ),
  { minLength: 2, maxLength: 3 },
);

/** Stores organisations in which the users have these roles, each with events of its own. */
async function createCommunity(roles: readonly Roles[]): Promise<Community> {
  const door = await openDoor();
  const users = await Promise.all(roles.map((_, i) => door.addUser(`user${i}@example.com`)));
  const owner = await door.addUser("owner@example.com");
  const secrets: Secret[] = [];
  const address = attribute("ipv4", SHARED);
  for (const [at, name] of ORGS.entries()) {
    const having = (...wanted: string[]) =>
      users.filter((_, i) => wanted.includes(roles[i]![at]!)).concat(owner);
    const org = await door.addOrg(name, having("user", "admin"), having("admin"));
    const url = `http://secret-of-${name}.example/`;
    const link = attribute("url", url);
    const made = event("sighting", [address, link], { orgid: org._hash, timestamp: NOW - at });
    await door.archive.put([address, link, made]);
    secrets.push({ org, url, event: made });
  }
  return { door, users, secrets };
}

/** Everything that the door tells a user, whatever they ask. */
async function askEverything({ door }: Community, user: TahoeObject): Promise<string[]> {
  const texts: string[] = [];
  const note = (answer: { body: unknown }) => texts.push(JSON.stringify(answer.body));
  // The shared address only: a question repeats the value that it asks for.
  const question = { sub_type: "ipv4", data: SHARED };
  for (const level of [1, 2, 3]) {
    for (const summary of [true, false]) {
      note(
        await door.post(user, "/query", { type: "related", data: { ...question, level, summary } }),
      );
    }
  }
  note(await door.as(user, `/api/v1/related?q=${SHARED}&level=3&summary_graph=true`));
  for (const route of ["lookup", "histogram", "threatrank", "top"]) {
    note(await door.as(user, `/api/v1/${route}?q=${SHARED}`));
  }
  note(await door.as(user, "/api/v1/top"));
  for (const format of ["stix", "csv", "gexf", "html"]) {
    note(await door.as(user, `/api/v1/export?q=${SHARED}&summary=false&format=${format}`));
  }
  const collections = await door.as(user, "/taxii2/api/collections/");
  note(collections);
  for (const { id } of collections.body.collections) {
    note(await door.as(user, `/taxii2/api/collections/${id}/objects/`));
  }
  for (const path of ["/user/info/self", "/orgs/user_of", "/orgs/admin_of"]) {
    note(await door.as(user, path));
  }
  return texts;
}

Deno.test("no route tells users of organisations that are not theirs", async () => {
  await fc.assert(
    fc.asyncProperty(ROLES, async (roles) => {
      const community = await createCommunity(roles);
      try {
        for (const [i, user] of community.users.entries()) {
          const told = (await askEverything(community, user)).join("\n");
          for (const [at, { url, org, event }] of community.secrets.entries()) {
            const isOwn = roles[i]![at] !== "none";
            for (const secret of [url, org._hash, event._hash, `"${ORGS[at]}"`]) {
              equal(told.includes(secret), isOwn, `${secret} ${isOwn}`);
            }
          }
        }
      } finally {
        await community.door.close();
      }
    }),
    { numRuns: 15 },
  );
});

Deno.test("no route counts or ranks events of organisations that are not the user's", async () => {
  await fc.assert(
    fc.asyncProperty(ROLES, async (roles) => {
      const { door, users, secrets } = await createCommunity(roles);
      try {
        for (const [i, user] of users.entries()) {
          const seen = roles[i]!.filter((role) => role !== "none").length;
          const shared = await door.as(user, `/api/v1/count?q=${SHARED}`);
          equal(shared.body.data, seen);
          const histogram = await door.as(user, `/api/v1/histogram?q=${SHARED}`);
          equal(histogram.body.events, seen);
          const ranked = await door.as(user, `/api/v1/threatrank?q=${SHARED}`);
          equal(ranked.body.ranks.length, seen);
          const rows = await door.post(user, "/api/v1/lookup", {
            values: secrets.map(({ url }) => url),
          });
          for (const [at, { url, event }] of secrets.entries()) {
            const events = roles[i]![at] === "none" ? 0 : 1;
            const data = { sub_type: "url", data: url };
            equal((await door.post(user, "/query", { type: "count", data })).body.data, events);
            equal(rows.body.rows[at].events, events);
            const one = await door.as(user, `/api/v1/threatrank?event=${event._hash}`);
            equal(one.status, events === 0 ? 404 : 200);
          }
        }
      } finally {
        await door.close();
      }
    }),
    { numRuns: 15 },
  );
});

Deno.test("only admins of an organisation upload for it, see its members or change them", async () => {
  await fc.assert(
    fc.asyncProperty(ROLES, async (roles) => {
      const { door, users, secrets } = await createCommunity(roles);
      try {
        for (const [i, user] of users.entries()) {
          for (const [at, { org }] of secrets.entries()) {
            const isAdmin = roles[i]![at] === "admin";
            const org_hash = org._hash;
            const info = await door.post(user, "/org/info", { org_hash });
            equal(info.status, isAdmin ? 200 : 401);
            for (const [path, field] of [["add", "add_to"], ["del", "del_from"]] as const) {
              // Nobody is changed: an admin is told that there is no such user.
              const body = { org_hash, user: "none", [field]: "acl" };
              const { status } = await door.post(user, `/org/${path}/user`, body);
              equal(status, isAdmin ? 400 : 401);
            }
            for (const path of ["/raw", "/api/v1/upload"]) {
              const { status } = await door.as(user, path, {
                method: "POST",
                body: form(org_hash),
              });
              equal(status, isAdmin ? 201 : 401);
            }
          }
        }
        const orgids = (await door.lake.claim({ owner: "w", limit: 99, lease: 9, now: NOW }))
          .map(({ entry }) => entry["orgid"]);
        const admins = roles.flatMap((roles) =>
          secrets.filter((_, at) => roles[at] === "admin").flatMap((
            { org },
          ) => [org._hash, org._hash])
        );
        deepEqual(orgids.sort(), admins.sort());
      } finally {
        await door.close();
      }
    }),
    { numRuns: 15 },
  );
});

function form(orgid: string): FormData {
  const form = new FormData();
  form.set("file", new Blob(["{}"]));
  for (const [name, value] of Object.entries({ name: "n", typetag: "sighting", orgid })) {
    form.set(name, value);
  }
  return form;
}
