import { Rejected } from "../../../lib/errors.ts";
import { IOC_LIST_FILTER } from "../../../lib/typetags/ioc_list.ts";

/** The values that become malicious by a list, sorted; none if it is rejected for having none. */
export function malicious(text: string): readonly string[] {
  try {
    const { events, instances } = IOC_LIST_FILTER.read(
      { data: text },
      { orgid: "org", timestamp: 1 },
    );
    const hashes = new Set(events.flatMap(({ _mal_ref }) => _mal_ref ?? []));
    return instances.flatMap((each) =>
      each.itype === "attribute" && hashes.has(each._hash) ? [String(each.data)] : []
    ).sort();
  } catch (error) {
    if (error instanceof Rejected && /^There is no indicator/.test(error.message)) return [];
    throw error;
  }
}
