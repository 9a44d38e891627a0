import { loadConfig } from "../lib/config.ts";
import { generateKeyPair } from "../lib/envelope/key.ts";
import { openMongo } from "../lib/mongo/open.ts";
import type { Figure } from "./figure.ts";

/** A backend to measure on; `url` is `sqlite:` or the URL of a MongoDB server. */
export type Backend = { readonly name: string; readonly url: string };

export function backends(mongo: string | undefined): readonly Backend[] {
  const sqlite = { name: "SQLite", url: "sqlite:" };
  return mongo === undefined ? [sqlite] : [sqlite, { name: "MongoDB", url: mongo }];
}

/** Makes a temporary folder with a pair of keys, for installations. */
export async function keyFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-bench-" });
  const { privatePem, publicPem } = await generateKeyPair();
  await Deno.writeTextFile(`${folder}/priv.pem`, privatePem, { mode: 0o600 });
  await Deno.writeTextFile(`${folder}/pub.pem`, publicPem);
  return folder;
}

/** Measures on each backend, one after the other, with a folder of keys that is removed at the end. */
export async function measureBackends(
  mongo: string | undefined,
  measure: (folder: string, backend: Backend) => Promise<readonly Figure[]>,
): Promise<Figure[]> {
  const folder = await keyFolder();
  try {
    const figures: Figure[] = [];
    for (const backend of backends(mongo)) figures.push(...await measure(folder, backend));
    return figures;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Makes a new installation on a backend; `remove` drops its database. */
export async function install(folder: string, { url }: Backend, archive: object = {}) {
  const run = `bench_${crypto.randomUUID().slice(0, 8)}`;
  const db = `cybexp_${run}`;
  const store = url === "sqlite:" ? `sqlite:${run}.db` : url;
  const place = (coll: string) => ({ mongo_url: store, db, coll });
  const file = `${folder}/${run}.json`;
  const sections = {
    archive: { ...place("instance"), ...archive },
    cache: place("file_entries"),
    identity: place("identity"),
    report: place("report"),
  };
  await Deno.writeTextFile(file, JSON.stringify(sections));
  const config = await loadConfig({ file, flags: {}, env: () => undefined, folder });
  const remove = async () => {
    if (!url.startsWith("mongodb")) return;
    const mongo = await openMongo(url);
    await mongo.client.db(db).dropDatabase();
    await mongo.close();
  };
  return { file, config, remove };
}
