import { deepEqual, equal, match, rejects } from "../assert.ts";
import { InboxAnswerer } from "../../lib/door/inbox_answerer.ts";
import { hashOfQuestion } from "../../lib/door/known_answers.ts";
import { QuestionLimit } from "../../lib/door/question_limit.ts";
import { Refusal } from "../../lib/door/refusal.ts";
import { loadPublicKey } from "../../lib/envelope/key_file.ts";
import type { Hash, Instance } from "../../lib/tahoe/instance.ts";
import { report } from "../../lib/tahoe/report.ts";
import { Notifications } from "../../lib/tdql/notifications.ts";
import { notify } from "../../lib/tdql/notify.ts";
import { vectorPath } from "../vectors.ts";
import { type Door, NOW, openDoor } from "./open_door.ts";

const USERID = "1".repeat(64);
const ASKED = { qtype: "count", question: { sub_type: "ipv4", data: "192.0.2.1" }, userid: USERID };
const OPTIONS = { redo: false, store: true, ms: 10_000 };

type Opened = { readonly door: Door; readonly answerer: InboxAnswerer };

function answererTest(
  name: string,
  body: (opened: Opened) => Promise<void>,
  { keyless = false } = {},
): void {
  Deno.test(`InboxAnswerer ${name}`, async () => {
    const door = await openDoor();
    using notifications = new Notifications();
    const { inbox, reports, identity } = door;
    const questions = new QuestionLimit(2);
    const key = keyless ? undefined : await loadPublicKey(vectorPath("envelopes/pub2048.pem"));
    const options = { inbox, reports, identity, notifications, questions, key, now: () => NOW };
    try {
      await body({ door, answerer: new InboxAnswerer(options) });
    } finally {
      await door.close();
    }
  });
}

type Outcome = {
  readonly status?: "ready" | "failed";
  readonly data?: bigint | string;
  readonly userid?: Hash;
  readonly orgids?: readonly Hash[];
  /** Whether the report is damaged before anyone can read it. */
  readonly damaged?: true;
};

/** Answers the queries that wait, as `report run` does. */
async function answerWaiting(
  door: Door,
  { status = "ready", data = 7n, userid = USERID, damaged, ...orgids }: Outcome = {},
): Promise<number> {
  const { inbox } = door;
  const claims = await inbox.claim({ owner: "w", limit: 9, lease: 60, now: NOW });
  for (const claim of claims) {
    const made = report("count", data, { userid, timestamp: NOW, ...orgids });
    const query = await inbox.finish(claim, { status, report: made });
    if (damaged) await damageReport(door, made._hash);
    await notify(query!.data["socket"]?.[0], {
      apiHost: "127.0.0.1",
      hosts: [],
      ports: { least: 1, most: 65535 },
    });
  }
  return claims.length;
}

/** Writes a report of a wrong shape in place of one. */
async function damageReport({ reports }: Door, hash: Hash): Promise<void> {
  const [report] = await reports.get([hash]);
  await reports.replace(hash, { ...report!, data: null } as unknown as Instance);
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

answererTest("asks questions of up to 1 MiB", async ({ door, answerer }) => {
  const ofLength = (length: number) => ({
    ...ASKED,
    question: { ...ASKED.question, data: "x".repeat(length) },
  });
  const asking = answerer.ask(ofLength(2 ** 20 - 100), OPTIONS);
  await answerSoon(door);
  equal((await asking)?.report.data, 7n);
  await rejects(answerer.ask(ofLength(2 ** 20), OPTIONS), /a question has at most 1 MiB/);
});

answererTest("asks again with redo", async ({ door, answerer }) => {
  const first = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door);
  await first;
  const second = answerer.ask(ASKED, { ...OPTIONS, redo: true });
  await answerSoon(door, { data: 8n });
  equal((await second)?.report.data, 8n);
});

answererTest("asks again once the user's organisations are others", async ({ door, answerer }) => {
  const analyst = await door.addUser("a@example.com");
  const asked = { ...ASKED, userid: analyst._hash };
  const { _hash: orgid } = await door.addOrg("lab", [analyst]);
  const asking = answerer.ask(asked, OPTIONS);
  await answerSoon(door, { userid: analyst._hash, orgids: [orgid] });
  equal((await asking)?.report.data, 7n);
  equal((await answerer.ask(asked, OPTIONS))?.report.data, 7n);
  await door.identity.remove(orgid);
  const again = answerer.ask(asked, OPTIONS);
  await answerSoon(door, { userid: analyst._hash, orgids: [], data: 0n });
  equal((await again)?.report.data, 0n);
});

answererTest("gives those who ask again with redo what came late", async ({ door, answerer }) => {
  const redo = { ...OPTIONS, redo: true };
  equal(await answerer.ask(ASKED, { ...redo, ms: 50 }), undefined);
  await answerSoon(door);
  equal((await answerer.ask(ASKED, redo))?.report.data, 7n);
  const anew = answerer.ask(ASKED, redo);
  await answerSoon(door, { data: 8n });
  equal((await anew)?.report.data, 8n);
});

answererTest("asks again if the report cannot be read", async ({ door, answerer }) => {
  const first = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door);
  const { _hash } = (await first)!.report;
  await damageReport(door, _hash);
  const second = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door);
  equal((await second)?.report.data, 7n);
  equal((await answerer.ask(ASKED, OPTIONS))?.report.data, 7n);
});

answererTest("asks again if the query's data is not an object", async ({ door, answerer }) => {
  const first = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door);
  await first;
  const [query] = await door.reports.get([hashOfQuestion(ASKED, NOW)]);
  await door.reports.replace(query!._hash, { ...query!, data: null } as unknown as Instance);
  const second = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door);
  equal((await second)?.report.data, 7n);
});

answererTest("says why the report cannot be read that came", async ({ door, answerer }) => {
  const asking = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door, { damaged: true });
  const { status, report: { data } } = (await asking)!;
  equal(status, "failed");
  match(
    String(data),
    /^ServerError: Instance \w+ cannot be read: data is null, not a whole number$/,
  );
});

answererTest("tells that a question failed", async ({ door, answerer }) => {
  const asking = answerer.ask(ASKED, OPTIONS);
  await answerSoon(door, { status: "failed", data: "ValidationError: x" });
  equal((await asking)?.status, "failed");
});

answererTest(
  "returns nothing while no worker answers, or one is at it",
  async ({ door, answerer }) => {
    equal(await answerer.ask(ASKED, { ...OPTIONS, ms: 50 }), undefined);
    await door.inbox.claim({ owner: "w", limit: 9, lease: 60, now: NOW });
    const started = performance.now();
    equal(await answerer.ask(ASKED, OPTIONS), undefined);
    equal(performance.now() - started < 5000, true);
  },
);

answererTest("limits the questions of a caller that wait at once", async ({ answerer }) => {
  const ask = (data: string) =>
    answerer.ask({ ...ASKED, question: { sub_type: "ipv4", data } }, { ...OPTIONS, ms: 300 });
  const asking = [ask("1"), ask("2")];
  await new Promise((resolve) => setTimeout(resolve, 100));
  await rejects(ask("3"), Refusal);
  deepEqual(await Promise.all(asking), [undefined, undefined]);
});

answererTest("says that it cannot ask without a key", async ({ answerer }) => {
  await rejects(answerer.ask(ASKED, OPTIONS), /--answer-here/);
}, { keyless: true });
