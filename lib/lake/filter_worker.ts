/** The thread of {@link FilterThread}: parses inputs, runs their filters, and packs what they make. */
import { packInstances } from "../packed/packed_instances.ts";
import { FILTERS } from "../typetags/typetags.ts";
import type { FilterRequest, FilterResponse, PackedUpload } from "./filter_thread.ts";
import { filterUpload } from "./filter_uploads.ts";
import { countImported } from "./import_counts.ts";
import { parseInput } from "./parse_input.ts";

const program = self as unknown as Worker;

program.onmessage = async ({ data }: MessageEvent<FilterRequest>) => {
  const packed = await pack(data).catch(() => undefined);
  const response: FilterResponse = { ...(packed !== undefined && { packed }) };
  program.postMessage(response, packed === undefined ? [] : [packed.instances.bytes.buffer]);
};

/** Undefined if no events can be made of the input. */
async function pack({ input, fields }: FilterRequest): Promise<PackedUpload | undefined> {
  const parsed = await parseInput(input, fields);
  const { raw, instances, filtered } = filterUpload(parsed, FILTERS.get(parsed.raw.sub_type)!);
  if (filtered === undefined) return undefined;
  return {
    ref: raw._hash,
    instances: packInstances([...instances, raw]),
    counts: countImported(filtered, fields.timestamp),
  };
}
