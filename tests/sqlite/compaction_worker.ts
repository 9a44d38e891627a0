// A program of compaction_test.ts: opens the database at the path that is its argument, which is of
// an earlier version. Writes "half" when it has copied half of the documents, and then waits.
import { openSqlite } from "../../lib/sqlite/open.ts";

const [path] = Deno.args as [string];
let copied = 0;

openSqlite(path, {
  onCopied(count, total) {
    copied += count;
    if (copied < total / 2) return;
    Deno.stdout.writeSync(new TextEncoder().encode("half\n"));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
