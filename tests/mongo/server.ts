import { type Mongo, openMongo } from "../../lib/mongo/open.ts";

const VARIABLE = "CYBEXP_TEST_MONGO";

/** Variable that is set after the notice: test files share nothing but the environment. */
const NOTICE_GIVEN = `${VARIABLE}_LEFT_OUT`;

/**
 * URL of the server to test on, which must let us create and drop databases. If the environment
 * names none, returns undefined and says so once per run.
 */
export function mongoUrl(): string | undefined {
  const url = Deno.env.get(VARIABLE);
  if (url === undefined && Deno.env.get(NOTICE_GIVEN) === undefined) {
    Deno.env.set(NOTICE_GIVEN, "1");
    console.log(`MongoDB tests are skipped: set ${VARIABLE}=mongodb://… or run .ci/run`);
  }
  return url;
}

/** A connection, and the name of a new database that `close` drops. */
export type FreshDatabase = { readonly mongo: Mongo; readonly db: string; close(): Promise<void> };

export async function freshDatabase(url: string): Promise<FreshDatabase> {
  const mongo = await openMongo(url);
  const db = `cybexp_test_${crypto.randomUUID().replaceAll("-", "")}`;
  async function close(): Promise<void> {
    await mongo.client.db(db).dropDatabase();
    await mongo.close();
  }
  return { mongo, db, close };
}
