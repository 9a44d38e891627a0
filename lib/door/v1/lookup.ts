import { type Meaning, meaning, NotUnderstood } from "../../indicators/meaning.ts";
import { orgsOf } from "../../identity/org.ts";
import type { AttributeName } from "../../tahoe/attribute.ts";
import type { Hash, TahoeObject } from "../../tahoe/instance.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import type { AnswerOptions } from "../../tdql/answer.ts";
import { type FoundNetwork, lookUp, type LookupAnswer } from "../../tdql/lookup.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { timeRange } from "../../tdql/time_range.ts";
import { Refusal } from "../refusal.ts";
import { reply } from "../reply.ts";
import { type Parameters, readParameters, requiredParameter } from "./parameters.ts";
import { adviceFor } from "./questions.ts";

/** The most values that are looked up at once. */
export const MAX_VALUES = 10_000;

export type LookupRouteOptions = {
  readonly user: TahoeObject;
  readonly answers: Pick<AnswerOptions, "graph" | "identity" | "now">;
};

const TIMES = ["from", "to", "last", "tzname"];

/** Parameters of GET /api/v1/lookup. */
export const LOOKUP_PARAMETERS = ["q", "sub_type", ...TIMES];

/** GET /api/v1/lookup: what is known of one indicator. */
export async function lookupOne(url: string, options: LookupRouteOptions): Promise<Response> {
  const { q: _q, ...parameters } = readParameters(url, LOOKUP_PARAMETERS);
  const [row] = await rowsOf([requiredParameter({ q: _q ?? "" }, "q")], parameters, options);
  if (row?.["reason"] !== undefined) {
    throw new Refusal(400, `Cannot look up q: it ${row["reason"]}`);
  }
  return reply(200, row!);
}

/** POST /api/v1/lookup: what is known of many, a row for each. */
export async function lookupMany(
  { values, ...others }: Fields,
  options: LookupRouteOptions,
): Promise<Response> {
  if (!isTexts(values)) {
    throw new Refusal(400, "Cannot look up: values must be a list of strings");
  }
  if (values.length > MAX_VALUES) {
    throw new Refusal(400, `Cannot look up more than ${MAX_VALUES} values at once`);
  }
  return reply(200, { rows: await rowsOf(values, readOptions(others), options) });
}

function isTexts(values: Value | undefined): values is readonly string[] {
  return Array.isArray(values) && values.every((value) => typeof value === "string");
}

function readOptions(fields: Fields): Parameters {
  for (const [name, value] of Object.entries(fields)) {
    if (!LOOKUP_PARAMETERS.includes(name) || typeof value !== "string") {
      throw new Refusal(
        400,
        `Cannot look up: beside values there may be sub_type, ${TIMES.join(", ")}, all strings`,
      );
    }
  }
  return fields as Parameters;
}

async function rowsOf(
  values: readonly string[],
  { sub_type, ...times }: Parameters,
  { user, answers: { graph, identity, now } }: LookupRouteOptions,
): Promise<readonly Fields[]> {
  if (sub_type !== undefined && !isSubType(sub_type)) {
    throw new Refusal(400, "Cannot look up: sub_type must be a name such as ipv4");
  }
  const orgs = await orgsOf(identity, user._hash);
  const orgids = orgs.map(({ _hash }) => _hash);
  const filter = { orgids, category: "all", ...readRange(times, now()) } as const;
  const given = values.map((value) => readValue(value, sub_type));
  const rows: Fields[] = [];
  const indicators = given.map((each) => typeof each === "string" ? [] : each.attributes);
  const names = new Map(orgs.map((org) => [org._hash, String(org.data["orgname"]?.[0])]));
  for await (const chunk of lookUp(indicators, { graph, filter })) {
    for (const answer of chunk) {
      const [value, read] = [values[rows.length]!, given[rows.length]!];
      rows.push(
        typeof read === "string" ? { value, reason: read } : row({ value, read, answer, names }),
      );
    }
  }
  return rows;
}

function readRange(times: Parameters, now: number): { start: number; end: number } {
  try {
    const { start, end } = timeRange(times, now);
    return { start: start || -Infinity, end: end || Infinity };
  } catch (error) {
    if (error instanceof QueryError) throw new Refusal(400, `Cannot ask: ${error.message}`);
    throw error;
  }
}

/** What a value means, or why it cannot be read. */
function readValue(value: string, subType: string | undefined): Meaning | string {
  if (!value.isWellFormed()) return "is not Unicode";
  try {
    return meaning(subType, value.trim());
  } catch (error) {
    if (error instanceof NotUnderstood) return adviceFor(error.reason);
    throw error;
  }
}

function row({ value, read, answer: { found, sightings, outside, within }, names }: {
  readonly value: string;
  readonly read: Meaning;
  readonly answer: LookupAnswer;
  readonly names: ReadonlyMap<Hash, string>;
}): Fields {
  const { events, malicious, benign, unknown, first, last, orgids } = sightings;
  return {
    value,
    asked: nameFields(read.normal),
    found: found.map(nameFields),
    events: BigInt(events),
    malicious: BigInt(malicious),
    benign: BigInt(benign),
    unknown: BigInt(unknown),
    first_seen: first,
    last_seen: last,
    ...(within.length > 0 && { within: within.map(countedFields) }),
    ...(outside > 0 && { outside: BigInt(outside) }),
    organisations: orgids.map((orgid) => names.get(orgid) ?? orgid).sort(),
  };
}

function nameFields({ subType, data }: AttributeName): Fields {
  return { sub_type: subType, data };
}

function countedFields({ events, ...name }: FoundNetwork): Fields {
  return { ...nameFields(name), events: BigInt(events) };
}
