import { equal } from "node:assert/strict";
import { AbortScope } from "../lib/abort_scope.ts";

Deno.test("AbortScope ends at the end of its block", async () => {
  const outer = new AbortController();
  let left: AbortScope;
  {
    using scope = new AbortScope(outer.signal);
    left = scope;
    equal(scope.signal.aborted, false);
  }
  equal(left.signal.aborted, true);
  await left.ended;
  equal(outer.signal.aborted, false);
});

Deno.test("AbortScope ends when the outer signal aborts, or did", async () => {
  const outer = new AbortController();
  using before = new AbortScope(outer.signal);
  outer.abort();
  using after = new AbortScope(outer.signal);
  for (const scope of [before, after]) {
    equal(scope.signal.aborted, true);
    await scope.ended;
  }
});
