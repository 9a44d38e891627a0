/** What the machine can do at most, to put the figures of `bench scale` beside. */
import { openMongo } from "../lib/mongo/open.ts";
import { openSqlite } from "../lib/sqlite/open.ts";
import { sha256 } from "../lib/tahoe/hash.ts";
import type { Figure } from "./figure.ts";
import type { Backend } from "./installation.ts";

/** Documents of the size that an event's own part has, once its references are left out. */
const DOCUMENTS = 100_000;
const DOCUMENT_BYTES = 300;
const AT_ONCE = 5000;

const TEXT = "x".repeat(DOCUMENT_BYTES);

/** Documents per second that are hashed. */
export function hashRate(): Figure {
  const start = performance.now();
  for (let number = 0; number < DOCUMENTS; number++) sha256(`${number}${TEXT}`);
  return figure("machine: SHA-256 of 300 bytes", start);
}

/** Documents per second that a plain table or collection takes, 5,000 at a time. */
export async function insertRate({ name, url }: Backend, folder: string): Promise<Figure> {
  const insert = url === "sqlite:" ? await sqliteInserts(folder) : await mongoInserts(url);
  try {
    const start = performance.now();
    for (let from = 0; from < DOCUMENTS; from += AT_ONCE) {
      await insert.insert(Array.from({ length: AT_ONCE }, (_, at) => `${from + at}${TEXT}`));
    }
    return figure(`machine: plain inserts of 300 bytes, ${name}`, start);
  } finally {
    await insert.close();
  }
}

function figure(name: string, start: number): Figure {
  const measured = DOCUMENTS / ((performance.now() - start) / 1000);
  return { name, goal: null, measured, unit: "/s" };
}

type Inserts = {
  insert(texts: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
};

async function sqliteInserts(folder: string): Promise<Inserts> {
  const path = `${folder}/plain.db`;
  const sqlite = openSqlite(path);
  await sqlite.write((prepare) => prepare("CREATE TABLE plain (document TEXT) STRICT").run());
  return {
    insert: (texts) =>
      sqlite.write((prepare) => {
        const insert = prepare("INSERT INTO plain (document) VALUES (?)");
        for (const text of texts) insert.run(text);
      }),
    close: async () => {
      await sqlite.close();
      await Deno.remove(path);
    },
  };
}

async function mongoInserts(url: string): Promise<Inserts> {
  const mongo = await openMongo(url);
  const db = mongo.client.db(`cybexp_bench_${crypto.randomUUID().slice(0, 8)}`);
  return {
    insert: (texts) => db.collection("plain").insertMany(texts.map((text) => ({ text }))),
    close: async () => {
      await db.dropDatabase();
      await mongo.close();
    },
  };
}
