import { deepEqual } from "../assert.ts";
import { sleep } from "../../lib/sleep.ts";
import { Notifications } from "../../lib/tdql/notifications.ts";
import { notify } from "../../lib/tdql/notify.ts";

const OPTIONS = { apiHost: "127.0.0.1", hosts: [], ports: { least: 1, most: 65535 } };

function send({ port }: Notifications, nonce: string) {
  return notify({ host: ["localhost"], port: [BigInt(port)], nonce: [nonce] }, OPTIONS);
}

Deno.test("Notifications tells queries apart by their nonces", async () => {
  using notifications = new Notifications();
  using one = notifications.expect();
  using two = notifications.expect();
  const received: string[] = [];
  one.received.then(() => received.push("one"));
  two.received.then(() => received.push("two"));
  await send(notifications, "something else");
  await send(notifications, two.nonce);
  await two.received;
  deepEqual(received, ["two"]);
  await send(notifications, one.nonce);
  await one.received;
  deepEqual(received, ["two", "one"]);
});

Deno.test("Notifications forgets what nobody waits for any more, and lives on after strangers", async () => {
  using notifications = new Notifications();
  const gone = notifications.expect();
  let isReceived = false;
  gone.received.then(() => isReceived = true);
  gone[Symbol.dispose]();
  await send(notifications, gone.nonce);
  await send(notifications, "x".repeat(10_000));
  const { port } = notifications;
  (await Deno.connect({ hostname: "127.0.0.1", port })).close();
  using expected = notifications.expect();
  await send(notifications, expected.nonce);
  await expected.received;
  await sleep(0);
  deepEqual(isReceived, false);
});
