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

/** What uploads of each of these typetags are, for the help. */
export const READ_FORMATS: { readonly [typetag: string]: string } = {
  cowrie: "logs of the Cowrie honeypot: JSON Lines, arrays, log shippers' wrappers",
  email: "a mail message, or an mbox file",
  ioc_list: "indicators in text, CSV, JSON, hosts files and block lists",
  misp: "MISP events, attributes and objects as JSON",
  openphish_feed: "URLs of phishing sites, one on each line, or CSV or JSON with a url",
  phishtank_feed: "the same, as PhishTank publishes them",
  sighting: 'JSON such as {"ipv4": "192.0.2.1", "timestamp": 1617000000}',
  stix: "STIX 2.0 and 2.1: bundles, objects, answers of TAXII servers",
};

/** Typetags that every archive takes: what members of sharing communities upload. */
export const BUILT_IN_TYPETAGS: readonly string[] = [...FILTERS.keys(), "unr_honeypot"];

/**
 * Fields by typetag in which records are, and which some programs write once for each record. All of
 * them count, where JSON otherwise keeps the last of equal keys.
 */
export const REPEATED_LISTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["misp", new Set(["Event", "Attribute", "Object", "ShadowAttribute", "response"])],
  ["stix", new Set(["objects"])],
]);
