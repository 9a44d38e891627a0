import { cowrie } from "./cowrie.ts";
import { email } from "./email.ts";
import type { Filter } from "./filter.ts";
import { ioc_list } from "./ioc_list.ts";
import { misp } from "./misp.ts";
import { sighting } from "./sighting.ts";
import { stix } from "./stix.ts";
import { openphish_feed, phishtank_feed } from "./url_feed.ts";

/** The filter of each typetag that has one; uploads of any other stay Raw. */
export const filters: ReadonlyMap<string, Filter> = new Map(Object.entries({
  cowrie,
  email,
  ioc_list,
  misp,
  openphish_feed,
  phishtank_feed,
  sighting,
  stix,
}));

/** Typetags every archive takes: what members of sharing communities upload. */
export const builtInTypetags: readonly string[] = [...filters.keys(), "unr_honeypot"];
