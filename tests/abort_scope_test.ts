import { equal } from "./assert.ts";
import { AbortScope } from "../lib/abort_scope.ts";

Deno.test("AbortScope ends at the end of its block", async () => {
  const outer = new AbortController();
  let finished: AbortScope;
  {
    using scope = new AbortScope(outer.signal);
    finished = scope;
    equal(scope.signal.aborted, false);
  }
  equal(finished.signal.aborted, true);
  await finished.ended;
  equal(outer.signal.aborted, false);
});

Deno.test("AbortScope ends when the outer signal is aborted, before or after it begins", async () => {
  const outer = new AbortController();
  using before = new AbortScope(outer.signal);
  outer.abort();
  using after = new AbortScope(outer.signal);
  for (const scope of [before, after]) {
    equal(scope.signal.aborted, true);
    await scope.ended;
  }
});
