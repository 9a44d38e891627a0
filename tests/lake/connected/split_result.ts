import { Rejected } from "../../../lib/errors.ts";
import { parsePlaintext } from "../../../lib/lake/parse.ts";
import { splitUpload } from "../../../lib/lake/split_upload.ts";
import type { Instance } from "../../../lib/tahoe/instance.ts";
import type { Filter, FilterResult } from "../../../lib/typetags/filter.ts";
import { FILTERS } from "../../../lib/typetags/typetags.ts";

export type Splitting = { readonly typetag: string; readonly partBytes: number };

/** The parts of a text that is always split, and the records that were refused. */
export async function splitText(
  text: string,
  { typetag, partBytes, maxBytes = 1_000_000 }: Splitting & { readonly maxBytes?: number },
): Promise<{ parts: string[]; refused: string[] }> {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / 1000) },
    (_, index) => bytes.subarray(1000 * index, 1000 * (index + 1)),
  );
  const options = { typetag, partBytes, maxBytes, wholeBytes: 1 };
  const parts: string[] = [];
  const refused: string[] = [];
  for await (const { data, record } of splitUpload(ReadableStream.from(pieces), options)) {
    if (data instanceof Error) refused.push(`${record}: ${data.message}`);
    else parts.push(new TextDecoder().decode(data));
  }
  return { parts, refused };
}

/** What the filter of a typetag makes of a text as an upload; undefined if it rejects it. */
export function filterText(text: string, typetag: string): FilterResult | undefined {
  const { data } = parsePlaintext(text, { typetag, orgid: "org", timezone: null });
  const filter: Filter = FILTERS.get(typetag)!;
  try {
    return filter.read(data, { orgid: "org", timestamp: 1_700_000_000 });
  } catch (error) {
    if (error instanceof Rejected) return undefined;
    throw error;
  }
}

/** Everything that stores would hold after some results, with sets in order. */
export function storedAfter(results: readonly (FilterResult | undefined)[]): readonly unknown[] {
  const stored = new Map<string, Stored>();
  for (const instance of results.flatMap((result) => result?.instances ?? [])) {
    const present = stored.get(instance._hash);
    stored.set(instance._hash, {
      hash: instance._hash,
      what: `${instance.itype} ${instance.sub_type}`,
      data: instance.itype === "attribute" ? instance.data : undefined,
      category: known(instance, present),
      refs: united(present?.refs, "_ref" in instance ? instance._ref : []),
      malicious: united(present?.malicious, instance.itype === "event" ? instance._mal_ref : []),
      benign: united(present?.benign, instance.itype === "event" ? instance._ben_ref : []),
    });
  }
  return [...stored.values()].toSorted((one, other) => one.hash < other.hash ? -1 : 1);
}

type Stored = {
  readonly hash: string;
  readonly what: string;
  readonly data: unknown;
  readonly category: string;
  readonly refs: readonly string[];
  readonly malicious: readonly string[];
  readonly benign: readonly string[];
};

function known(instance: Instance, present: Stored | undefined): string {
  const category = instance.itype === "event" ? instance.category : "unknown";
  return category === "unknown" ? present?.category ?? category : category;
}

function united(one: readonly string[] = [], other: readonly string[] = []): readonly string[] {
  return [...new Set([...one, ...other])].sort();
}
