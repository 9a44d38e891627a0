import { COWRIE_FILTER } from "./cowrie.ts";
import { EMAIL_FILTER } from "./email.ts";
import type { Filter } from "./filter.ts";
import { IOC_LIST_FILTER } from "./ioc_list.ts";
import { MISP_FILTER } from "./misp.ts";
import { SIGHTING_FILTER } from "./sighting.ts";
import { STIX_FILTER } from "./stix.ts";
import { OPENPHISH_FILTER, PHISHTANK_FILTER } from "./url_feed.ts";

/** The filter of each typetag that has one. Uploads of any other typetag stay Raw. */
export const FILTERS: ReadonlyMap<string, Filter> = new Map([
  ["cowrie", COWRIE_FILTER],
  ["email", EMAIL_FILTER],
  ["ioc_list", IOC_LIST_FILTER],
  ["misp", MISP_FILTER],
  ["openphish_feed", OPENPHISH_FILTER],
  ["phishtank_feed", PHISHTANK_FILTER],
  ["sighting", SIGHTING_FILTER],
  ["stix", STIX_FILTER],
]);

/** Typetags that every archive takes: what members of sharing communities upload. */
export const BUILT_IN_TYPETAGS: readonly string[] = [...FILTERS.keys(), "unr_honeypot"];
