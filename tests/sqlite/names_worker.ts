import { openSqlite } from "../../lib/sqlite/open.ts";

/** Opens the database that it is given, writes the names of its collections, and closes it. */
const sqlite = openSqlite(Deno.args[0]!);
const rows = await sqlite.read((prepare) => prepare("SELECT name FROM collections").all());
console.log(JSON.stringify(rows.map(({ name }) => name)));
await sqlite.close();
