import { deepEqual, equal } from "../../assert.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { edit } from "../../../lib/tahoe/edit.ts";
import { object } from "../../../lib/tahoe/object.ts";
import type { Fields } from "../../../lib/tahoe/value.ts";
import { outcomeAttributes } from "../../../lib/tdql/tdql.ts";
import { reportIdEdit } from "../query_edits.ts";
import {
  ask,
  assertEqual,
  claimOne,
  FAILED,
  finish,
  NOW,
  question,
  questionWith,
  READY,
  SOCKET,
  statusOf,
  stored,
  type Test,
} from "./fixtures.ts";
import { normalForm } from "../../normal_form.ts";

export function finishTests(test: Test): void {
  for (const outcome of [READY, FAILED]) {
    test(`finish writes ${outcome.status} and the report with their references`, async (opened) => {
      const [id] = await ask(opened.inbox, 1);
      const after = await finish(opened, await claimOne(opened.inbox), outcome);
      assertEqual(after, questionWith(1, outcomeAttributes(outcome)));
      assertEqual(await stored(opened, id!), after!);
      const [report] = await opened.instances.get([outcome.report._hash]);
      equal(normalForm(report as Fields), normalForm(outcome.report as Fields));
    });
  }

  test("finish leaves only the fields of the instance", async (opened) => {
    await ask(opened.inbox, 1);
    await opened.inbox.giveBack([await claimOne(opened.inbox)], "away", NOW);
    const held = await claimOne(opened.inbox);
    await finish(opened, held);
    const [there] = await opened.instances.get([held.id]);
    assertEqual(await opened.inbox.find(held.id), there as never);
    deepEqual(Object.keys(there!).toSorted(), Object.keys(question(1).query).toSorted());
  });

  for (const outcome of [READY, FAILED]) {
    test(`finish ${outcome.status} in place of an earlier answer leaves only the new one`, async (opened) => {
      const [id] = await ask(opened.inbox, 1);
      await edit(opened.instances, id!, reportIdEdit(question(1).query, READY.report._hash)!);
      const after = await finish(opened, await claimOne(opened.inbox), outcome);
      deepEqual(statusOf(after), [[outcome.status], [outcome.report._hash]]);
      assertEqual(await stored(opened, id!), after!);
    });
  }

  test("finish keeps a socket that changed after the claim", async (opened) => {
    await ask(opened.inbox, 1);
    const held = await claimOne(opened.inbox);
    const next = socketOf({ ...SOCKET, port: 40_099n, nonce: "next" });
    await opened.instances.put(next.parts);
    await edit(opened.instances, held.id, {
      add: next.socket,
      remove: socketOf(SOCKET).socket,
    });
    const after = await finish(opened, held);
    assertEqual(after, questionWith(1, [...outcomeAttributes(READY), next.socket]));
    assertEqual(await stored(opened, held.id), after!);
  });
}

function socketOf({ host, port, nonce }: typeof SOCKET) {
  const parts = [attribute("host", host), attribute("port", port), attribute("nonce", nonce)];
  return { socket: object("socket", parts), parts };
}
