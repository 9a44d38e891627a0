import type { Fields, Scalar, Value } from "./value.ts";

/** 64 lower-case hex digits: the SHA-256 of the content that identifies an instance. */
export type Hash = string;

/** Data of children by sub-type, such as `{ipv4: ["192.0.2.1"], file: [{sha256: ["…"]}]}`. */
export type DataBySubType = { readonly [subType: string]: readonly (Scalar | DataBySubType)[] };

// The documents of the graph, field by field as they are stored. References are sets.

/** One value of one kind: a leaf of the graph. */
export type Attribute = {
  readonly itype: "attribute";
  readonly sub_type: string;
  readonly data: Scalar;
  readonly _hash: Hash;
};

/** The fields that objects, events and sessions share. */
type ParentFields = {
  readonly sub_type: string;
  readonly data: DataBySubType;
  /** Hashes of the children. */
  readonly _cref: readonly Hash[];
  /** Hashes of all descendants; in a session, of its events, too. */
  readonly _ref: readonly Hash[];
  readonly _hash: Hash;
};

/**
 * Attributes and objects that belong together. Users, organisations and queries are objects with
 * additional fields.
 */
export type TahoeObject = ParentFields & { readonly itype: "object" };

/** How an event, or one of its descendants, is judged. */
export type Category = "benign" | "malicious" | "unknown";

/** Something that happened at one moment, reported by one organisation. */
export type Event = ParentFields & {
  readonly itype: "event";
  readonly orgid: string;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly category: Category;
  /** Hashes of the descendants in a benign context. */
  readonly _ben_ref: readonly Hash[];
  /** Hashes of the descendants in a malicious context. */
  readonly _mal_ref: readonly Hash[];
};

/** Events that belong together, such as one visit of one attacker. */
export type Session = ParentFields & {
  readonly itype: "session";
  /** Seconds since 1970, UTC. */
  readonly start_time?: number;
  readonly end_time?: number;
  /** As the source reports it: a number or a string. */
  readonly duration?: Value;
};

/** One sending of a Raw's data: who, when, and what was made of it. */
export type Source = {
  readonly orgid: string;
  readonly timezone: string | null;
  /** Time of the upload, in seconds since 1970, UTC. */
  readonly timestamp: number;
  /**
   * Whether one of our filters made events of it, or rejected it for `reason`; `elsewhere` if the
   * existing system is to make them. Missing if there was no filter.
   */
  readonly events?: "made" | "rejected" | "elsewhere";
  readonly reason?: string;
  /** Name of the file, or of the part of it, if it was imported. */
  readonly name?: string;
  /** The same, but only if no event was made of it: the quarantine. */
  readonly file?: string;
  /** Records without an event, each as `{record, reason}`; records are numbered from 1. */
  readonly rejected_records?: readonly Fields[];
  /** Names of skipped parts, each with the number of times. */
  readonly skipped?: Fields;
};

/** An upload as it came. */
export type Raw = {
  readonly itype: "raw";
  readonly sub_type: string;
  readonly data: Value;
  readonly orgid: string;
  readonly timezone: string | null;
  readonly _hash: Hash;
  /** Hashes of everything that was made of it. */
  readonly _ref?: readonly Hash[];
  /** Ids of the filters that made events of it. */
  readonly filters?: readonly string[];
  /** False if a filter could read nothing in it. */
  readonly _valid?: boolean;
  readonly _sources?: readonly Source[];
};

/** The answer to a query, as one user may see it. */
export type Report = {
  readonly itype: "report";
  readonly sub_type: string;
  readonly data: Value;
  readonly userid: string;
  readonly timestamp: number;
  readonly current_page: bigint;
  readonly next_page: bigint;
  readonly _hash: Hash;
  /** Hashes of the organisations whose events it may show, in order; missing in a failed report. */
  readonly orgids?: readonly Hash[];
  /** Evidence of a ThreatRank, one for each event: events of equal rank share a report. */
  readonly evidence?: readonly Evidence[];
  /** What was asked and found, if the question has `match`; part of the hash. */
  readonly details?: Details;
};

/** What the data of an answer rests on, beside the data, whose form is the contract's. */
export type Details = {
  /** The query data. */
  readonly question: Fields;
  /** The normal form of what is asked, as `{sub_type, data}`. */
  readonly asked: Fields;
  /** The attributes that events hold, each as `{sub_type, data, events}`. */
  readonly found: readonly Fields[];
  /** Events that hold any of them. */
  readonly events: bigint;
  /** If none does: `{events, first_seen, last_seen}` of those outside the range, if there are any. */
  readonly outside?: Fields;
  /** If none does: what contains it and events hold, a URL's host or networks, as in `found`. */
  readonly within?: readonly Fields[];
  /** If none does: addresses in the asked network that events hold, as in `found`. */
  readonly addresses?: readonly Fields[];
  /** If no event at all holds any of them: what else may have been meant, in words. */
  readonly advice?: string;
  /** `{from, to, tzname}`: seconds since 1970, or null; the zone in which the question is. */
  readonly range: Fields;
  /** Time of a count's oldest event, in seconds since 1970. */
  readonly first_seen?: number;
  /** Time of its newest event. */
  readonly last_seen?: number;
  /** Intervals of a count, each as `{start, label, events}`. */
  readonly histogram?: Value;
  /** Number of pages of what is related. */
  readonly pages?: bigint;
  /** Attributes that are related, each with the number of the answer's events that hold it. */
  readonly attributes?: readonly Fields[];
};

/** What the ThreatRank of an event rests on, and how far the number can be trusted. */
export type Evidence = {
  /** Hash of the event. */
  readonly _hash: Hash;
  readonly flags: readonly string[];
  /** Bounds of the true rank, if `data` is not exact. */
  readonly bounds?: { readonly least: number; readonly most: number };
  /** The time from which ages were counted, in seconds since 1970; older reports lack it. */
  readonly now?: number;
  /** The heaviest paths to the event, each as `{weight, share, nodes: [{_hash, label, data?}, …]}`. */
  readonly paths: readonly Fields[];
};

/** Any document of the graph. */
export type Instance = Attribute | TahoeObject | Event | Session | Raw | Report;
