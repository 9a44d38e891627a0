import { deepEqual, equal, notEqual } from "../assert.ts";
import { DoorMetrics } from "../../lib/door/door_metrics.ts";
import type { AnsweredRequest } from "../../lib/door/app.ts";
import type { Refusal } from "../../lib/door/refusal.ts";
import { writeExposition } from "../../lib/metrics/exposition.ts";
import { openDoor } from "./open_door.ts";
import { readExposition, valueOf } from "../metrics/read_exposition.ts";

/** Opens a door whose requests are counted; `text` writes what was counted. */
async function openCounted(settings: Parameters<typeof openDoor>[0] = {}) {
  const metrics = new DoorMetrics();
  const door = await openDoor({
    ...settings,
    onAnswer: (request: AnsweredRequest) => metrics.countAnswer(request),
    onRefusal: (refusal: Refusal) => metrics.countRefusal(refusal),
  });
  metrics.watchConnections(() => 3);
  return { door, metrics, text: () => writeExposition(metrics.families()) };
}

Deno.test("DoorMetrics count requests by route and status, and tell nothing of an address", async () => {
  const { door, text } = await openCounted();
  try {
    const user = await door.addUser("secret@example.com");
    await door.as(user, "/api/v1/count?q=192.0.2.77");
    await door.as(user, "/api/v1/count?q=192.0.2.77");
    await door.request("/api/v1/count?q=192.0.2.77");
    await door.as(user, "/taxii2/api/collections/secret-collection/objects/");
    await door.request("/secret-path");
    await door.request("/ping", { method: "DELETE" });
    await door.as(user, "/api/v1/lookup?q=192.0.2.77");
    await door.post(user, "/api/v1/lookup", { values: [] });
    const requests = readExposition(text()).get("cybexp_door_requests_total")!;
    const counts = requests.samples.map(({ labels, value }) => [
      labels["route"],
      labels["status"],
      value,
    ]);
    deepEqual(counts, [
      ["GET /api/v1/count", "200", 2],
      ["GET /api/v1/count", "401", 1],
      ["GET /taxii2/api/collections/:collection/objects/", "404", 1],
      ["other", "404", 1],
      ["other", "405", 1],
      ["GET /api/v1/lookup", "200", 1],
      ["POST /api/v1/lookup", "200", 1],
    ]);
    equal(valueOf(text(), "cybexp_door_request_duration_seconds_count"), 8);
    equal(/secret|192\.0/.test(text()), false);
  } finally {
    await door.close();
  }
});

Deno.test("DoorMetrics count refused bodies and limits by kind", async () => {
  const { door, text } = await openCounted({ requestsPerMinute: 13, questions: 1, maxBytes: 100 });
  const counted = (kind: string) => valueOf(text(), "cybexp_door_refused_total", { kind });
  try {
    const user = await door.addUser("a@example.com");
    const body = new FormData();
    body.set("file", new Blob(["x".repeat(200)]));
    await door.as(user, "/raw", { method: "POST", body });
    await door.post(user, "/query", "x".repeat(6 * 1024 ** 2));
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => door.as(user, `/api/v1/count?q=192.0.2.${i}`)),
    );
    await door.as(user, "/user/info/self");
    await door.as(user, "/user/info/self");
    deepEqual(["body_too_large", "requests", "body_too_slow"].map(counted), [2, 1, 0]);
    notEqual(counted("questions"), 0);
    equal(valueOf(text(), "cybexp_door_connections"), 3);
  } finally {
    await door.close();
  }
});
