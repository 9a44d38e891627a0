import type { Fields, Scalar, Value } from "./value.ts";

/** 64 lower-case hex digits: the SHA-256 of what makes an instance itself. */
export type Hash = string;

/** Children by sub-type, `{ipv4: ["192.0.2.1"], file: [{sha256: ["…"]}]}`. */
export type Groups = { readonly [subType: string]: readonly (Scalar | Groups)[] };

/** The documents of the graph, field for field as they are stored. References are sets. */
export type Attribute = {
  readonly itype: "attribute";
  readonly sub_type: string;
  readonly data: Scalar;
  readonly _hash: Hash;
};

type Parent = {
  readonly sub_type: string;
  readonly data: Groups;
  /** Children. */
  readonly _cref: readonly Hash[];
  /** Children and all their descendants; in a session its events, too. */
  readonly _ref: readonly Hash[];
  readonly _hash: Hash;
};

/** Users, organisations and queries are objects with fields of their own beside these. */
export type TahoeObject = Parent & { readonly itype: "object" };

export type Category = "benign" | "malicious" | "unknown";

export type Event = Parent & {
  readonly itype: "event";
  readonly orgid: string;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly category: Category;
  readonly _ben_ref: readonly Hash[];
  readonly _mal_ref: readonly Hash[];
};

export type Session = Parent & {
  readonly itype: "session";
  /** Seconds since 1970, UTC. */
  readonly start_time?: number;
  readonly end_time?: number;
  /** As the source gives it, be it a number or a text. */
  readonly duration?: Value;
};

/** Who sent a Raw's data, when: one for each upload. */
export type Source = {
  readonly orgid: string;
  readonly timezone: string | null;
  /** Seconds since 1970, UTC: the upload's own. */
  readonly timestamp: number;
  /**
   * Whether a filter of ours made events of it; `rejected` for this reason; `elsewhere` if that was
   * left to the existing system. Nothing if no filter was there.
   */
  readonly events?: "made" | "rejected" | "elsewhere";
  readonly reason?: string;
  /** Of several records those that no event was made of: `{record, reason}`, numbers from 1. */
  readonly rejected_records?: readonly Fields[];
  /** What was passed over, by name, and how often. */
  readonly skipped?: Fields;
};

export type Raw = {
  readonly itype: "raw";
  readonly sub_type: string;
  readonly data: Value;
  readonly orgid: string;
  readonly timezone: string | null;
  readonly _hash: Hash;
  readonly _ref?: readonly Hash[];
  /** Ids of the filters that made events of it. */
  readonly filters?: readonly string[];
  /** False: a filter found nothing in it that it could read. */
  readonly _valid?: boolean;
  readonly _sources?: readonly Source[];
};

export type Report = {
  readonly itype: "report";
  readonly sub_type: string;
  readonly data: Value;
  readonly userid: string;
  readonly timestamp: number;
  readonly current_page: bigint;
  readonly next_page: bigint;
  readonly _hash: Hash;
  /** Of a ThreatRank, by event: events of equal rank share a report. */
  readonly evidence?: readonly Evidence[];
};

/** What the ThreatRank of an event rests on, and how far the number is to be trusted. */
export type Evidence = {
  /** The event's. */
  readonly _hash: Hash;
  readonly flags: readonly string[];
  /** Where the rank is not exact: the true one lies between these. */
  readonly bounds?: { readonly least: number; readonly most: number };
  /** The heaviest paths to it, `{weight, share, nodes: [{_hash, label, data?}, …]}`. */
  readonly paths: readonly Fields[];
};

export type Instance = Attribute | TahoeObject | Event | Session | Raw | Report;
