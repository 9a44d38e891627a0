import { nowSeconds } from "../lib/clock.ts";
import { loadPrivateKeys, loadPublicKey } from "../lib/envelope/key_file.ts";
import { openEnvelope } from "../lib/envelope/open.ts";
import { sealEnvelope } from "../lib/envelope/seal.ts";
import { filterUpload } from "../lib/lake/filter_uploads.ts";
import { parsePlaintext } from "../lib/lake/parse.ts";
import { submit } from "../lib/lake/submit.ts";
import { computeHash } from "../lib/tahoe/hash.ts";
import { FILTERS } from "../lib/typetags/typetags.ts";
import { databases } from "../stores.ts";
import { archiveProcess, type WorkerFigures } from "./archive_process.ts";
import { type Figure, median } from "./figure.ts";
import { type Backend, backends, install, keyFolder } from "./installation.ts";
import { madeCowrieLog } from "./made_cowrie_log.ts";

const RECORDS = 20_000;
const ROUNDS = 3;
const ORG = "0f".repeat(32);

/** Measures the way from an encrypted upload, a log of many records, to events to query. */
export async function eventsBench({ mongo }: { mongo: string | undefined }): Promise<Figure[]> {
  const folder = await keyFolder();
  try {
    const log = new TextEncoder().encode(madeCowrieLog(RECORDS));
    const figures = await measureParts(folder, log);
    for (const backend of backends(mongo)) figures.push(...await measure(folder, backend, log));
    return figures;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Seconds for each step before the upload is stored. */
async function measureParts(folder: string, log: Uint8Array): Promise<Figure[]> {
  const [key] = await loadPrivateKeys([`${folder}/priv.pem`], { warn: console.error });
  const sealed = await sealEnvelope(log, await loadPublicKey(`${folder}/pub.pem`));
  const rounds: Record<"decrypt" | "parse" | "filter" | "hash", number>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [text, decrypt] = await timed(() => openEnvelope(sealed, key, { first: "gcm" }));
    const [raw, parse] = await timed(() =>
      parsePlaintext(text, { typetag: "cowrie", orgid: ORG, timezone: "UTC" })
    );
    const source = { orgid: ORG, timezone: "UTC", timestamp: 0 };
    const [{ instances }, filter] = await timed(() =>
      filterUpload({ raw, source }, FILTERS.get("cowrie")!)
    );
    const [, hash] = await timed(() => instances.map(computeHash));
    rounds.push({ decrypt, parse, filter: filter - hash, hash });
  }
  const part = (name: keyof typeof rounds[0], what: string): Figure => ({
    name: `${name}: ${what}`,
    goal: null,
    measured: median(rounds.map((round) => round[name])),
    unit: "s",
  });
  return [
    part("decrypt", "the envelope"),
    part("parse", "the text to a Raw"),
    part("filter", "records to instances, without hashing"),
    part("hash", "the instances"),
  ];
}

async function timed<T>(work: () => T | Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}

async function measure(folder: string, backend: Backend, log: Uint8Array): Promise<Figure[]> {
  const runs: WorkerFigures[] = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await archiveLog(folder, backend, log));
  const seconds = median(runs.map((run) => run.seconds));
  const { name } = backend;
  return [
    { name: `${name}: the whole, claim to settle`, goal: null, measured: seconds, unit: "s" },
    {
      name: `${name}: records to events, one process`,
      goal: "≥ 5,000 /s",
      measured: RECORDS / seconds,
      unit: "/s",
    },
    {
      name: `${name}: peak RSS`,
      goal: null,
      measured: Math.max(...runs.map((run) => run.peakRssMiB)),
      unit: "MiB",
    },
  ];
}

/** Submits the log to a new installation and archives it in a separate process. */
async function archiveLog(
  folder: string,
  backend: Backend,
  log: Uint8Array,
): Promise<WorkerFigures> {
  const { file, config, remove } = await install(folder, backend, { envelope: "gcm" });
  const stores = await databases.open(config, ["lake", "archive"]);
  try {
    await stores.prepare();
    await submit(upload(log), {
      lake: stores.lake,
      key: await loadPublicKey(config.archive.publicKey),
      upload: { typetag: "cowrie", orgid: ORG, timezone: "UTC" },
      maxBytes: config.archive.maxBytes,
      now: nowSeconds,
      progress: () => {},
    });
    return await archiveProcess(file, 1);
  } finally {
    await stores.close();
    await remove();
  }
}

async function* upload(data: Uint8Array) {
  yield { name: "cowrie.json", data };
}
