import { equal, match, ok } from "../assert.ts";

/** A sample as written in the text. */
export type ReadSample = {
  readonly name: string;
  readonly labels: { readonly [name: string]: string };
  readonly value: number;
};

/** A metric as written in the text. */
export type ReadFamily = {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly ReadSample[];
};

const HEAD = /^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<help>(?:[^\\\n]|\\\\|\\n)+)$/;
const TYPE = /^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$/;
const PAIR = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^\\"\n]|\\\\|\\"|\\n)*)"/y;
const NUMBER = /^(?:NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/;

/**
 * Reads Prometheus's text format as strictly as its specification allows, and checks the rules that
 * `promtool check metrics` has for names and histograms.
 *
 * @throws {AssertionError} when the text breaks one of them.
 */
export function readExposition(text: string): Map<string, ReadFamily> {
  ok(text.endsWith("\n"), "the last line must end with a line feed");
  const lines = text.slice(0, -1).split("\n");
  const families = new Map<string, ReadFamily>();
  for (let at = 0; at < lines.length;) {
    const { name, help } = matchGroups(HEAD, lines[at++]);
    const { name: typed, type } = matchGroups(TYPE, lines[at++]);
    equal(typed, name);
    equal(families.has(name!), false, `${name} must be one group`);
    const samples: ReadSample[] = [];
    while (at < lines.length && !lines[at]!.startsWith("#")) samples.push(readSample(lines[at++]!));
    const family = { type: type!, help: unescapeText(help!), samples };
    checkFamily(name!, family);
    families.set(name!, family);
  }
  return families;
}

/** The value of the one sample with this name that has these labels, perhaps among others. */
export function valueOf(
  text: string,
  name: string,
  labels: { readonly [name: string]: string } = {},
): number | undefined {
  const family = readExposition(text).get(name.replace(/_(?:bucket|sum|count)$/, "")) ??
    readExposition(text).get(name);
  const found = family?.samples.filter((sample) =>
    sample.name === name &&
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
  ) ?? [];
  ok(found.length <= 1, `${name} is there ${found.length} times`);
  return found[0]?.value;
}

function matchGroups(pattern: RegExp, line: string | undefined): { [name: string]: string } {
  match(line ?? "", pattern);
  return pattern.exec(line!)!.groups!;
}

function readSample(line: string): ReadSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? "";
  ok(name !== "", line);
  const labels: { [name: string]: string } = {};
  let at = name.length;
  if (line[at] === "{") {
    do {
      PAIR.lastIndex = at + 1;
      const [pair, label, value] = PAIR.exec(line) ?? [];
      ok(pair !== undefined, line);
      equal(Object.hasOwn(labels, label!), false, line);
      labels[label!] = unescapeText(value!);
      at = PAIR.lastIndex;
    } while (line[at] === ",");
    equal(line[at++], "}", line);
  }
  equal(line[at], " ", line);
  const number = line.slice(at + 1);
  match(number, NUMBER);
  return { name, labels, value: Number(number.replace("Inf", "Infinity")) };
}

function unescapeText(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => char === "n" ? "\n" : char);
}

function checkFamily(name: string, { type, samples }: ReadFamily): void {
  equal(name.endsWith("_total"), type === "counter", `${name} is a ${type}`);
  const keys = samples.map(({ name, labels }) => JSON.stringify([name, labels]));
  equal(new Set(keys).size, keys.length, `${name} has a sample twice`);
  if (type === "histogram") checkHistogram(name, samples);
  else for (const sample of samples) equal(sample.name, name);
  if (type === "counter") { for (const { value } of samples) ok(value >= 0, String(value)); }
}

/** Checks a histogram that has no labels of its own. */
function checkHistogram(name: string, samples: readonly ReadSample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const [sum, count, ...others] = samples.filter((sample) => !buckets.includes(sample));
  equal(sum?.name, `${name}_sum`);
  equal(count?.name, `${name}_count`);
  equal(others.length, 0);
  const bounds = buckets.map(({ labels }) => Number(labels["le"]?.replace("Inf", "Infinity")));
  ok(bounds.every((bound, index) => index === 0 || bound > bounds[index - 1]!), `${bounds}`);
  ok(buckets.every(({ value }, index) => index === 0 || value >= buckets[index - 1]!.value));
  equal(bounds.at(-1), Infinity);
  equal(buckets.at(-1)?.value, count?.value);
}
