import { deepEqual, equal, rejects } from "../assert.ts";
import { InboxAnswerer } from "../../lib/door/inbox_answerer.ts";
import { QuestionLimit } from "../../lib/door/question_limit.ts";
import { Refusal } from "../../lib/door/refusal.ts";
import { loadPublicKey } from "../../lib/envelope/key_file.ts";
import { report } from "../../lib/tahoe/report.ts";
import { Notifications } from "../../lib/tdql/notifications.ts";
import { notify } from "../../lib/tdql/notify.ts";
import { vectorPath } from "../vectors.ts";
import { type Door, NOW, openDoor } from "./open_door.ts";

const USERID = "1".repeat(64);
const ASKED = { qtype: "count", question: { sub_type: "ipv4", data: "192.0.2.1" }, userid: USERID };
const OPTIONS = { redo: false, ms: 10_000 };

type Opened = { readonly door: Door; readonly answerer: InboxAnswerer };

function answererTest(
  name: string,
  body: (opened: Opened) => Promise<void>,
  { keyless = false } = {},
): void {
  Deno.test(`InboxAnswerer ${name}`, async () => {
    const door = await openDoor();
    using notifications = new Notifications();
    const { inbox, reports } = door;
    const questions = new QuestionLimit(2);
    const key = keyless ? undefined : await loadPublicKey(vectorPath("envelopes/pub2048.pem"));
    const options = { inbox, reports, notifications, questions, key, now: () => NOW };
    try {
      await body({ door, answerer: new InboxAnswerer(options) });
    } finally {
      await door.close();
    }
  });
}

/** Answers the queries that wait, as `report run` does. */
async function answerWaiting(
  { inbox }: Door,
  { status = "ready", data = 7n }: { status?: "ready" | "failed"; data?: bigint | string } = {},
): Promise<number> {
  const claims = await inbox.claim({ owner: "w", limit: 9, lease: 60, now: NOW });
  for (const claim of claims) {
    const made = report("count", data, { userid: USERID, timestamp: NOW });
    const query = await inbox.finish(claim, { status, report: made });
    await notify(query!.data["socket"]?.[0], {
      apiHost: "127.0.0.1",
      hosts: [],
      ports: { least: 1, most: 65535 },
    });
  }
  return claims.length;
}

async function answerSoon(door: Door, outcome = {}): Promise<void> {
  while (await answerWaiting(door, outcome) === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

answererTest(
  "waits for a worker's answer, which equal questions share",
  async ({ door, answerer }) => {
    const asking = [answerer.ask(ASKED, OPTIONS), answerer.ask(ASKED, OPTIONS)];
    await answerSoon(door);
    for (const ended of await Promise.all(asking)) {
      deepEqual([ended?.status, ended?.report.data], ["ready", 7n]);
    }
    equal((await answerer.ask(ASKED, OPTIONS))?.report.data, 7n);
    equal(await answerWaiting(door), 0);
  },
);

answererTest("asks again with redo", async ({ door, answerer }) => {
  const first = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door);
  await first;
  const second = answerer.ask(ASKED, { ...OPTIONS, redo: true });
  await answerSoon(door, { data: 8n });
  equal((await second)?.report.data, 8n);
});

answererTest("tells that a question failed", async ({ door, answerer }) => {
  const asking = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door, { status: "failed", data: "ValidationError: x" });
  equal((await asking)?.status, "failed");
});

answererTest(
  "returns nothing while no worker answers, or one is at it",
  async ({ door, answerer }) => {
    equal(await answerer.ask(ASKED, { redo: false, ms: 50 }), undefined);
    await door.inbox.claim({ owner: "w", limit: 9, lease: 60, now: NOW });
    const started = performance.now();
    equal(await answerer.ask(ASKED, OPTIONS), undefined);
    equal(performance.now() - started < 5000, true);
  },
);

answererTest("limits the questions of a caller that wait at once", async ({ answerer }) => {
  const ask = (data: string) =>
    answerer.ask({ ...ASKED, question: { sub_type: "ipv4", data } }, { redo: false, ms: 300 });
  const asking = [ask("1"), ask("2")];
  await new Promise((resolve) => setTimeout(resolve, 100));
  await rejects(ask("3"), Refusal);
  deepEqual(await Promise.all(asking), [undefined, undefined]);
});

answererTest("says that it cannot ask without a key", async ({ answerer }) => {
  await rejects(answerer.ask(ASKED, OPTIONS), /--answer-here/);
}, { keyless: true });
