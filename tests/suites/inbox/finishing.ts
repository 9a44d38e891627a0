import assert from "node:assert/strict";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { edit } from "../../../lib/tahoe/edit.ts";
import { object } from "../../../lib/tahoe/object.ts";
import type { Fields } from "../../../lib/tahoe/value.ts";
import { endParts } from "../../../lib/tdql/tdql.ts";
import { reportIdEdit } from "../query_edits.ts";
import {
  ask,
  assertEqual,
  claimOne,
  failed,
  finish,
  now,
  question,
  questionWith,
  ready,
  socket,
  statusOf,
  stored,
  type Test,
} from "./fixtures.ts";
import { normalForm } from "../../normal_form.ts";

export function finishing(test: Test): void {
  for (const end of [ready, failed]) {
    test(`finish writes ${end.status} and the report with their references`, async (opened) => {
      const [id] = await ask(opened.inbox, 1);
      const after = await finish(opened, await claimOne(opened.inbox), end);
      assertEqual(after, questionWith(1, endParts(end)));
      assertEqual(await stored(opened, id!), after!);
      const [report] = await opened.instances.get([end.report._hash]);
      assert.equal(normalForm(report as Fields), normalForm(end.report as Fields));
    });
  }

  test("finish leaves no field but the instance's", async (opened) => {
    await ask(opened.inbox, 1);
    await opened.inbox.giveBack([await claimOne(opened.inbox)], "away", now);
    const held = await claimOne(opened.inbox);
    await finish(opened, held);
    const [there] = await opened.instances.get([held.id]);
    assertEqual(await opened.inbox.find(held.id), there as never);
    assert.deepEqual(Object.keys(there!).toSorted(), Object.keys(question(1).query).toSorted());
  });

  for (const end of [ready, failed]) {
    test(`finish ${end.status} in place of an earlier answer leaves no other`, async (opened) => {
      const [id] = await ask(opened.inbox, 1);
      await edit(opened.instances, id!, reportIdEdit(question(1).query, ready.report._hash)!);
      const after = await finish(opened, await claimOne(opened.inbox), end);
      assert.deepEqual(statusOf(after), [[end.status], [end.report._hash]]);
      assertEqual(await stored(opened, id!), after!);
    });
  }

  test("a socket changed between claim and finish stays", async (opened) => {
    await ask(opened.inbox, 1);
    const held = await claimOne(opened.inbox);
    const next = socketOf({ ...socket, port: 40_099n, nonce: "next" });
    await opened.instances.put(next.parts);
    await edit(opened.instances, held.id, {
      add: next.socket,
      remove: socketOf(socket).socket,
    });
    const after = await finish(opened, held);
    assertEqual(after, questionWith(1, [...endParts(ready), next.socket]));
    assertEqual(await stored(opened, held.id), after!);
  });
}

function socketOf({ host, port, nonce }: typeof socket) {
  const parts = [attribute("host", host), attribute("port", port), attribute("nonce", nonce)];
  return { socket: object("socket", parts), parts };
}
