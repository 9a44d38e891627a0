import { openSqlite } from "../../lib/sqlite/open.ts";

// A worker of open_test.ts: opens the database at the path of its argument, writes the names of its
// collections as JSON, and closes it.
const sqlite = openSqlite(Deno.args[0]!);
const rows = await sqlite.read((prepare) => prepare("SELECT name FROM collections").all());
console.log(JSON.stringify(rows.map(({ name }) => name)));
await sqlite.close();
