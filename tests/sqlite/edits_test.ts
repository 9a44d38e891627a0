import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { editsSuite } from "../suites/edits_suite.ts";
import { eventsSuite } from "../suites/events_suite.ts";
import { identitySuite } from "../suites/identity_suite.ts";
import type { OpenInstances } from "../suites/open_instances.ts";
import { removalSuite } from "../suites/removal_suite.ts";

const open: OpenInstances = () => {
  const sqlite = openSqlite(":memory:");
  const store = new SqliteInstances(sqlite, { db: "tahoe_db", coll: "instance" });
  return Promise.resolve({ store, close: async () => await sqlite.close() });
};

editsSuite("SqliteInstances", open);
eventsSuite("SqliteInstances", open);
identitySuite("SqliteInstances", open);
removalSuite("SqliteInstances", open);
