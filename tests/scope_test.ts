import { equal } from "node:assert/strict";
import { Scope } from "../lib/scope.ts";

Deno.test("Scope ends at the end of its block", async () => {
  const outer = new AbortController();
  let left: Scope;
  {
    using scope = new Scope(outer.signal);
    left = scope;
    equal(scope.signal.aborted, false);
  }
  equal(left.signal.aborted, true);
  await left.ended;
  equal(outer.signal.aborted, false);
});

Deno.test("Scope ends when the outer signal aborts, or did", async () => {
  const outer = new AbortController();
  using before = new Scope(outer.signal);
  outer.abort();
  using after = new Scope(outer.signal);
  for (const scope of [before, after]) {
    equal(scope.signal.aborted, true);
    await scope.ended;
  }
});
