import { deepEqual, equal, match } from "../assert.ts";
import { StoreUnavailable } from "../../lib/errors.ts";
import { doorTest } from "./open_door.ts";

doorTest("the door answers a ping", async (door) => {
  const { status, body, headers } = await door.request("/ping");
  deepEqual([status, body], [200, { message: "pong" }]);
  equal(headers.get("access-control-allow-origin"), null);
  equal(headers.get("cache-control"), "no-store");
  equal(headers.get("x-content-type-options"), "nosniff");
});

doorTest("the door says where nothing is, and what to use instead", async (door) => {
  const nothing = await door.request("/nothing");
  deepEqual([nothing.status, nothing.body.message], [404, "There is nothing at this address"]);
  equal((await door.request("/api/v1/nothing")).body.title, "Not Found");
  const wrong = await door.request("/query");
  deepEqual([wrong.status, wrong.headers.get("allow")], [405, "POST"]);
  const preflight = await door.request("/query", {
    method: "OPTIONS",
    headers: { origin: "http://evil.example", "access-control-request-method": "POST" },
  });
  equal(preflight.status, 405);
  equal(preflight.headers.get("access-control-allow-origin"), null);
  for (const path of ["/../etc/passwd", "/%2e%2e%2fping", "/ping/..%2fquery", "//ping"]) {
    equal((await door.request(path)).status, 404, path);
  }
});

/** A request with a header Host that is not a host name, as the HTTP server passes it on. */
class OddRequest extends Request {
  override get url(): string {
    return "http://a b<>/?token=secret";
  }
}

doorTest("the door refuses what is not an address", async (door) => {
  const response = await door.app.fetch(new OddRequest("http://127.0.0.1/"), { address: "::1" });
  equal(response.status, 400);
  match((await response.json()).message, /Host does not name a host/);
  deepEqual(door.errors, []);
});

const AWAY = new StoreUnavailable("MongoDB is not available: mongodb://secret");

doorTest("the door says that a database is away, and no more", async (door) => {
  const member = await door.addUser("a@example.com");
  const body = { type: "count", data: {} };
  const answer = await door.post(member, "/query", body);
  deepEqual([answer.status, answer.body], [500, { message: "Database down" }]);
  deepEqual(door.errors, [AWAY]);
  const { status, body: problem } = await door.as(member, "/api/v1/count?q=192.0.2.1");
  deepEqual([status, problem.detail], [500, "Database down"]);
}, { answerer: { ask: () => Promise.reject(AWAY) } });

doorTest("the door tells nothing of an unexpected error", async (door) => {
  const member = await door.addUser("a@example.com");
  const answer = await door.post(member, "/query", { type: "count", data: {} });
  deepEqual([answer.status, answer.body], [500, { message: "500 Server Error" }]);
  equal(door.errors.length, 1);
}, { answerer: { ask: () => Promise.reject(new Error("A detail")) } });
