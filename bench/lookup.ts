import { answerValues } from "../lib/cli/report/lookup/answer_values.ts";
import { readList } from "../lib/pasted/read_list.ts";
import type { EventFilter } from "../lib/graph/graph.ts";
import { attribute } from "../lib/tahoe/attribute.ts";
import { event, setCategory } from "../lib/tahoe/event.ts";
import type { Attribute } from "../lib/tahoe/instance.ts";
import type { InstanceStore } from "../lib/tahoe/instances.ts";
import { databases } from "../stores.ts";
import { type Figure, median } from "./figure.ts";
import { type Backend, install, measureBackends } from "./installation.ts";

const EVENTS = 100_000;
/** Number of events that hold each attribute. */
const EVENTS_EACH = 20;
const VALUES = 10_000;
const ROUNDS = 5;
const BATCH_EVENTS = 2000;
const ORGIDS = ["0f".repeat(32)];

/** Percentages of values that events hold: many, as in the worst case; or few, as of a feed. */
const KNOWN = [100, 5] as const;

/** Makes the attribute of each kind by its number. */
const KINDS: readonly ((number: number) => Attribute)[] = [
  (number) => attribute("ipv4", `10.${number >> 16}.${number >> 8 & 255}.${number & 255}`),
  (number) => attribute("domain", `host-${number}.example`),
  (number) => attribute("url", `http://host-${number}.example/path`),
  (number) => attribute("md5", number.toString(16).padStart(32, "0")),
];

/** Steps between the values of consecutive events, so that two of them never share many. */
const STEPS = [7919, 104_729, 1_299_709, 15_485_863];

/** Measures how long it takes to read a list of many values and to look all of them up. */
export function lookupBench({ mongo }: { mongo: string | undefined }): Promise<Figure[]> {
  return measureBackends(mongo, measure);
}

async function measure(folder: string, backend: Backend): Promise<Figure[]> {
  const { config, remove } = await install(folder, backend);
  const stores = await databases.open(config, ["archive", "graph"]);
  try {
    await stores.prepare();
    await storeEvents(stores.archive);
    const filter: EventFilter = {
      orgids: ORGIDS,
      start: -Infinity,
      end: Infinity,
      category: "all",
    };
    const figures: Figure[] = [];
    for (const known of KNOWN) {
      const text = madeList(known);
      const seconds = await timed(async () => {
        const { values } = readList(text);
        const options = { graph: stores.graph, filter, orgnames: new Map() };
        for await (const _ of answerValues(values, options));
      });
      figures.push({
        name: `${backend.name}: ${VALUES.toLocaleString("en")} values, ${known} % of them known`,
        goal: "≤ 2 s",
        measured: seconds,
        unit: "s",
      });
    }
    return figures;
  } finally {
    await stores.close();
    await remove();
  }
}

async function storeEvents(archive: InstanceStore): Promise<void> {
  for (let from = 0; from < EVENTS; from += BATCH_EVENTS) {
    const events = Array.from({ length: BATCH_EVENTS }, (_, at) => {
      const number = from + at;
      const attributes = KINDS.map((make, kind) =>
        make(Math.floor((number * STEPS[kind]! % EVENTS) / EVENTS_EACH))
      );
      const options = { orgid: ORGIDS[0]!, timestamp: 1_600_000_000 + number };
      const seen = event("sighting", attributes, options);
      return [...attributes, number % 10 === 0 ? setCategory(seen, "malicious") : seen];
    });
    await archive.put([...new Map(events.flat().map((each) => [each._hash, each])).values()]);
  }
}

/** Makes a list of values, in lines. Numbers from the number of events on are unknown. */
function madeList(known: number): string {
  return Array.from({ length: VALUES }, (_, line) => {
    const number = Math.floor(line / KINDS.length);
    const isKnown = line % 100 < known;
    return KINDS[line % KINDS.length]!(isKnown ? number : EVENTS + number).data;
  }).join("\n");
}

async function timed(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}
