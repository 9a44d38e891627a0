import { nowSeconds } from "../lib/clock.ts";
import type { PrivateKey, PublicKey } from "../lib/envelope/key.ts";
import { loadPrivateKeys, loadPublicKey } from "../lib/envelope/key_file.ts";
import { submit } from "../lib/lake/submit.ts";
import { attribute } from "../lib/tahoe/attribute.ts";
import { event } from "../lib/tahoe/event.ts";
import { databases } from "../stores.ts";
import { type Figure, median } from "./figure.ts";
import { archiveProcess, type WorkerFigures } from "./archive_process.ts";
import { type Backend, backends, install, keyFolder } from "./installation.ts";

const UPLOADS = 2000;
const UPLOAD_BYTES = 1024;
const ROUNDS = 3;
/** Decryptions awaited at once, as many as in the archive: three batches of 64. */
const CONCURRENT_DECRYPTIONS = 192;

/**
 * Measures how close archiving comes to the limit set by the machine's RSA speed, how fast events
 * are built, and the memory of the process. Each ratio is from one run: RSA and archiving take
 * turns.
 */
export async function archiveBench({ mongo }: { mongo: string | undefined }): Promise<Figure[]> {
  const folder = await keyFolder();
  try {
    return await measure(folder, mongo);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measure(folder: string, mongo: string | undefined): Promise<Figure[]> {
  const [privateKey] = await loadPrivateKeys([`${folder}/priv.pem`], { warn: console.error });
  const publicKey = await loadPublicKey(`${folder}/pub.pem`);
  const measured = backends(mongo);
  const rsa: number[] = [];
  const runs = measured.map(() => [] as { rate: number; rss: number; ratio: number }[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, backend] of measured.entries()) {
      const before = await rsaRate(privateKey, publicKey);
      const { seconds, peakRssMiB } = await archiveRun(folder, backend, publicKey);
      const after = await rsaRate(privateKey, publicKey);
      const rate = UPLOADS / seconds;
      rsa.push(before, after);
      runs[index]!.push({ rate, rss: peakRssMiB, ratio: rate / ((before + after) / 2) });
    }
  }
  return [
    { name: "2048-bit OAEP decryptions", goal: null, measured: median(rsa), unit: "/s" },
    ...measured.flatMap(({ name }, index) => [
      {
        name: `${name}: uploads of 1 KiB archived`,
        goal: null,
        measured: median(runs[index]!.map((run) => run.rate)),
        unit: "/s",
      },
      {
        name: `${name}: archiving rate to decryption rate`,
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

/** Decryptions of session keys per second, with many awaited at once. */
async function rsaRate({ key: privateKey }: PrivateKey, { key: publicKey }: PublicKey) {
  const sessionKey = crypto.getRandomValues(new Uint8Array(32));
  const wrapped = await crypto.subtle.encrypt("RSA-OAEP", publicKey, sessionKey);
  let left = UPLOADS;
  const decryptMany = async () => {
    while (left-- > 0) await crypto.subtle.decrypt("RSA-OAEP", privateKey, wrapped);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CONCURRENT_DECRYPTIONS }, decryptMany));
  return UPLOADS / ((performance.now() - start) / 1000);
}

/** Fills a new lake and archives it in a separate process. */
async function archiveRun(
  folder: string,
  backend: Backend,
  publicKey: PublicKey,
): Promise<WorkerFigures> {
  const { file, config, remove } = await install(folder, backend, {
    envelope: "gcm",
    filters: false,
  });
  const stores = await databases.open(config, ["lake", "archive"]);
  try {
    await stores.prepare();
    await submit(uploads(UPLOADS), {
      lake: stores.lake,
      key: publicKey,
      upload: { typetag: "sighting", orgid: "lab.example.org", timezone: "UTC" },
      maxBytes: config.archive.maxBytes,
      now: nowSeconds,
      progress: () => {},
    });
    return await archiveProcess(file, UPLOADS);
  } finally {
    await stores.close();
    await remove();
  }
}

/** Makes so many files of 1 KiB. */
export async function* uploads(count: number) {
  for (let number = 0; number < count; number++) {
    const text = JSON.stringify({ timestamp: 1.5 + number, ipv4: "192.0.2.1", note: "" });
    const padding = "x".repeat(UPLOAD_BYTES - text.length);
    const data = new TextEncoder().encode(text.replace('""', `"${padding}"`));
    yield await Promise.resolve({ name: `${number}.json`, data });
  }
}

/** Events of three attributes built and hashed in memory per second, on one thread. */
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
