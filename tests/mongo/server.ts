import { type Mongo, openMongo } from "../../lib/mongo/open.ts";

const variable = "CYBEXP_TEST_MONGO";

/** Set once told; the environment is all that test files share. */
const told = `${variable}_LEFT_OUT`;

/**
 * URL of the server to test on; it may be any that lets us make and drop databases. Undefined if
 * the environment names none: then says so, once a run.
 */
export function mongoUrl(): string | undefined {
  const url = Deno.env.get(variable);
  if (url === undefined && Deno.env.get(told) === undefined) {
    Deno.env.set(told, "1");
    console.log(`MongoDB tests left out: set ${variable}=mongodb://… or run .ci/run`);
  }
  return url;
}

/** A connection, and the name of a database on it that is dropped at the end. */
export type Fresh = { readonly mongo: Mongo; readonly db: string; close(): Promise<void> };

export async function freshDatabase(url: string): Promise<Fresh> {
  const mongo = await openMongo(url);
  const db = `cybexp_test_${crypto.randomUUID().replaceAll("-", "")}`;
  async function close(): Promise<void> {
    await mongo.client.db(db).dropDatabase();
    await mongo.close();
  }
  return { mongo, db, close };
}
