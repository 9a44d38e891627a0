import { generateKeyPair, importPrivateKey, importPublicKey } from "../lib/envelope/key.ts";
import type { PrivateKey, PublicKey } from "../lib/envelope/key.ts";
import { submit } from "../lib/lake/submit.ts";
import { openMongo } from "../lib/mongo/open.ts";
import { attribute } from "../lib/tahoe/attribute.ts";
import { event } from "../lib/tahoe/event.ts";
import { databases } from "../stores.ts";
import { loadConfig } from "../lib/config.ts";
import { type Figure, median } from "./figure.ts";

const UPLOADS = 2000;
const UPLOAD_BYTES = 1024;
const ROUNDS = 3;
/** As many decryptions as the archive has in hand: three batches of 64. */
const AWAITED = 192;

/** What one archive process says of its run: see archive_worker.ts. */
export type WorkerFigures = { readonly seconds: number; readonly peakRssMiB: number };

/**
 * How near archiving comes to what the machine's RSA allows, how fast events are built, and the
 * memory of the process. The ratios are of one run: RSA and archiving take turns.
 */
export async function archiveBench({ mongo }: { mongo: string | undefined }): Promise<Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-bench-" });
  try {
    return await measure(folder, mongo);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measure(folder: string, mongo: string | undefined): Promise<Figure[]> {
  const { privatePem, publicPem } = await generateKeyPair();
  await Deno.writeTextFile(`${folder}/priv.pem`, privatePem, { mode: 0o600 });
  await Deno.writeTextFile(`${folder}/pub.pem`, publicPem);
  const privateKey = await importPrivateKey(privatePem);
  const publicKey = await importPublicKey(publicPem);
  const backends = [
    { name: "SQLite", url: "sqlite:" },
    ...(mongo === undefined ? [] : [{ name: "MongoDB", url: mongo }]),
  ];
  const rsa: number[] = [];
  const runs = backends.map(() => [] as { rate: number; rss: number; ratio: number }[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { url }] of backends.entries()) {
      const before = await rsaRate(privateKey, publicKey);
      const { seconds, peakRssMiB } = await archiveRun(folder, url, publicKey);
      const after = await rsaRate(privateKey, publicKey);
      const rate = UPLOADS / seconds;
      rsa.push(before, after);
      runs[index]!.push({ rate, rss: peakRssMiB, ratio: rate / ((before + after) / 2) });
    }
  }
  return [
    { name: "2048-bit OAEP decryptions", goal: null, measured: median(rsa), unit: "/s" },
    ...backends.flatMap(({ name }, index) => [
      {
        name: `${name}: uploads of 1 KiB archived`,
        goal: null,
        measured: median(runs[index]!.map((run) => run.rate)),
        unit: "/s",
      },
      {
        name: `${name}: archiving to decryption`,
        goal: "≥ 0.85",
        measured: median(runs[index]!.map((run) => run.ratio)),
      },
      {
        name: `${name}: peak RSS`,
        goal: "< 150 MiB",
        measured: Math.max(...runs[index]!.map((run) => run.rss)),
        unit: "MiB",
      },
    ]),
    {
      name: "three-attribute events built, one core",
      goal: "≥ 25,000 /s",
      measured: median([eventRate(), eventRate(), eventRate()]),
      unit: "/s",
    },
  ];
}

/** Decryptions of session keys per second, many awaited at once. */
async function rsaRate({ key: privateKey }: PrivateKey, { key: publicKey }: PublicKey) {
  const sessionKey = crypto.getRandomValues(new Uint8Array(32));
  const wrapped = await crypto.subtle.encrypt("RSA-OAEP", publicKey, sessionKey);
  let left = UPLOADS;
  const decryptMany = async () => {
    while (left-- > 0) await crypto.subtle.decrypt("RSA-OAEP", privateKey, wrapped);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: AWAITED }, decryptMany));
  return UPLOADS / ((performance.now() - start) / 1000);
}

/** Fills a new lake, and lets a process of its own archive it. */
async function archiveRun(
  folder: string,
  url: string,
  publicKey: PublicKey,
): Promise<WorkerFigures> {
  const run = `bench_${crypto.randomUUID().slice(0, 8)}`;
  const store = url === "sqlite:" ? `sqlite:${run}.db` : url;
  const place = (coll: string) => ({ mongo_url: store, db: `cybexp_${run}`, coll });
  const file = `${folder}/${run}.json`;
  await Deno.writeTextFile(
    file,
    JSON.stringify({
      archive: { ...place("instance"), envelope: "gcm" },
      cache: place("file_entries"),
    }),
  );
  const config = await loadConfig({ file, flags: {}, env: () => undefined, folder });
  const stores = await databases.open(config);
  try {
    await stores.prepare();
    await submit(uploads(), {
      lake: stores.lake,
      key: publicKey,
      label: { typetag: "sighting", orgid: "lab.example.org", timezone: "UTC" },
      maxBytes: config.archive.maxBytes,
      now: () => Date.now() / 1000,
      progress: () => {},
    });
    return await runWorkerProcess(file);
  } finally {
    await stores.close();
    if (url.startsWith("mongodb")) await dropDatabase(url, config.cache.db);
  }
}

async function dropDatabase(url: string, name: string): Promise<void> {
  const mongo = await openMongo(url);
  await mongo.client.db(name).dropDatabase();
  await mongo.close();
}

async function* uploads() {
  for (let number = 0; number < UPLOADS; number++) {
    const text = JSON.stringify({ timestamp: 1.5 + number, ipv4: "192.0.2.1", note: "" });
    const padding = "x".repeat(UPLOAD_BYTES - text.length);
    const data = new TextEncoder().encode(text.replace('""', `"${padding}"`));
    yield await Promise.resolve({ name: `${number}.json`, data });
  }
}

async function runWorkerProcess(configFile: string): Promise<WorkerFigures> {
  const worker = new URL("archive_worker.ts", import.meta.url).pathname;
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", worker, configFile],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The archive process failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Events of three attributes built and hashed in memory, per second on this one thread. */
function eventRate(): number {
  const events = 50_000;
  const start = performance.now();
  for (let number = 0; number < events; number++) {
    event("sighting", [
      attribute("ipv4", `192.0.2.${number}`),
      attribute("url", `http://example.com/${number}`),
      attribute("domain", `host${number}.example.com`),
    ], { orgid: "0f".repeat(32), timestamp: 1_600_000_000 + number });
  }
  return events / ((performance.now() - start) / 1000);
}
