import { nowSeconds } from "../lib/clock.ts";
import { answerValues } from "../lib/cli/report/lookup/answer_values.ts";
import { readList } from "../lib/pasted/read_list.ts";
import { loadPublicKey } from "../lib/envelope/key_file.ts";
import { submit } from "../lib/lake/submit.ts";
import { attribute } from "../lib/tahoe/attribute.ts";
import { event } from "../lib/tahoe/event.ts";
import { uploads } from "./archive.ts";
import { type Door, openDoor } from "./door_process.ts";
import { type Figure, median } from "./figure.ts";
import { type Backend, measureBackends } from "./installation.ts";
import { askedAttribute, storeGraph } from "./made_graph.ts";
import { type Installed, onInstallation, startService, wholeQuery } from "./report.ts";

const EVENTS = 100_000;
const UPLOADS = 1000;
/** Uploads that are on their way at the same time. */
const SENDERS = 16;
const QUESTIONS = 101;
const VALUES = 1000;
const CONNECTIONS = 200;
const ROUNDS = 5;

/**
 * Measures the door beside what it stands in front of, in one run: uploads beside `archive submit`,
 * questions beside a whole query, look-ups beside the same without HTTP; then 200 connections at once,
 * and the memory of the process that did all this.
 */
export function doorBench({ mongo }: { mongo: string | undefined }): Promise<Figure[]> {
  return measureBackends(mongo, measure);
}

function measure(folder: string, backend: Backend): Promise<Figure[]> {
  return onInstallation(folder, backend, async (installed) => {
    console.error(`${backend.name}: a graph of ${EVENTS.toLocaleString("en")} events …`);
    await storeGraph(installed.archive, EVENTS, installed.orgids);
    const whole = await wholeQuery(installed);
    // On MongoDB, questions go through the inbox.
    const service = backend.url === "sqlite:" ? undefined : await startService(installed.file);
    const door = await openDoor(installed);
    try {
      const figures = [
        ...await compareUploads(installed, door),
        ...await compareQueries(door, whole),
        ...await compareLookups(installed, door),
        await latestTop(door),
        await connections(door),
        { name: "door: peak RSS", goal: "≤ 200 MiB", measured: door.peakRssMiB(), unit: "MiB" },
      ];
      return figures.map((figure) => ({ ...figure, name: `${backend.name}, ${figure.name}` }));
    } finally {
      await door.close();
      service?.kill("SIGTERM");
      await service?.status;
    }
  });
}

/** Uploads of 1 KiB per second: by `submit`, as the command does, and through the door. */
async function compareUploads({ lake, config, orgids }: Installed, door: Door): Promise<Figure[]> {
  const key = await loadPublicKey(config.archive.publicKey);
  const upload = { typetag: "sighting", orgid: orgids[0]!, timezone: "UTC" };
  const { maxBytes } = config.archive;
  const files = await Array.fromAsync(uploads(UPLOADS));
  const options = { lake, key, upload, maxBytes, now: nowSeconds, progress: () => {} };
  const submitted = UPLOADS / await seconds(() => submit(uploads(UPLOADS), options));
  const send = async () => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) {
      await door.upload(file.data, upload);
    }
  };
  const received = UPLOADS /
    await seconds(() => Promise.all(Array.from({ length: SENDERS }, send)));
  return [
    { name: "uploads of 1 KiB: archive submit", goal: null, measured: submitted, unit: "/s" },
    { name: "uploads of 1 KiB: POST /raw", goal: null, measured: received, unit: "/s" },
    {
      name: "uploads of 1 KiB: the door to archive submit",
      goal: null,
      measured: received / submitted,
    },
  ];
}

/** Median milliseconds of a count, after as many others to warm up. */
async function compareQueries(door: Door, whole: number): Promise<Figure[]> {
  const times: number[] = [];
  for (let number = 0; number < 2 * QUESTIONS; number++) {
    const { sub_type, data } = askedAttribute(number);
    // The whole query was asked the same: without redo, its report would be found.
    const body = JSON.stringify({ type: "count", data: { sub_type, data }, redo: true });
    times.push(1000 * await seconds(() => door.send("/query", { method: "POST", body })));
  }
  const measured = median(times.slice(QUESTIONS));
  return [
    { name: "count: a whole query", goal: "≤ 15 ms", measured: whole, unit: "ms" },
    { name: "count: POST /query", goal: "≤ 40 ms", measured, unit: "ms" },
    { name: "count: the door to a whole query", goal: "≤ 2.67", measured: measured / whole },
  ];
}

/** Looks values up of which every twentieth is in twenty events. */
async function compareLookups(installed: Installed, door: Door): Promise<Figure[]> {
  const { graph, archive, orgids } = installed;
  const addresses = Array.from({ length: VALUES }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  const seen = addresses.filter((_, i) => i % 20 === 0).map((data) => attribute("ipv4", data));
  const events = seen.flatMap((each) =>
    Array.from(
      { length: 20 },
      (_, number) =>
        event("sighting", each, { orgid: orgids[0]!, timestamp: 1_600_000_000 + number }),
    )
  );
  await archive.put([...seen, ...events]);
  const filter = { orgids, start: -Infinity, end: Infinity, category: "all" } as const;
  const { values } = readList(addresses.join("\n"));
  const direct = await medianMs(async () => {
    for await (const _ of answerValues(values, { graph, filter, orgnames: new Map() }));
  });
  const body = JSON.stringify({ values: addresses });
  const sent = await medianMs(() => door.send("/api/v1/lookup", { method: "POST", body }));
  return [
    { name: "1,000 values: report lookup", goal: null, measured: direct, unit: "ms" },
    { name: "1,000 values: POST lookup", goal: null, measured: sent, unit: "ms" },
    { name: "1,000 values: the door to report lookup", goal: null, measured: sent / direct },
  ];
}

async function latestTop(door: Door): Promise<Figure> {
  const measured = await medianMs(() => door.send("/api/v1/top"));
  return { name: "top of the whole archive", goal: "≤ 1,000 ms", measured, unit: "ms" };
}

/** Milliseconds until 200 questions of as many connections are answered; fails if one is refused. */
async function connections(door: Door): Promise<Figure> {
  let asked = 0;
  const measured = await medianMs(() =>
    Promise.all(Array.from({ length: CONNECTIONS }, async (_, number) => {
      const { sub_type, data } = askedAttribute(number);
      // Each is another question: nothing is answered from what is stored.
      const question = { type: "count", data: { sub_type, data, from: String(++asked) } };
      await door.send("/query", { method: "POST", body: JSON.stringify(question) });
    }))
  );
  return { name: "200 counts on as many connections", goal: null, measured, unit: "ms" };
}

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(1000 * await seconds(work));
  return median(times);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
