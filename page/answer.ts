import type { AboutAnswer } from "../lib/answers/export/page/about_answer.ts";
import type { Category } from "../lib/tahoe/instance.ts";
import type { Scalar } from "../lib/tahoe/value.ts";

/** A value of one kind, such as the IPv4 address 192.0.2.1. */
export type NamedValue = { readonly subType: string; readonly data: Scalar };

/** A value with what the answer says of it. */
export type RelatedValue = NamedValue & {
  /** Number of the answer's events that hold it. */
  readonly events?: number;
  /** Labels on the way to what was asked, both ends included, such as `ipv4=attribute`. */
  readonly path?: readonly string[];
};

/** A value inside an event, with the objects around it from the outside in. */
export type Member = NamedValue & { readonly inside: readonly string[] };

/** An event as the page shows it. */
export type PageEvent = {
  readonly hash: string;
  readonly subType: string;
  /** Seconds since 1970, UTC. */
  readonly time: number;
  readonly category: Category;
  readonly orgid: string;
  readonly members: readonly Member[];
};

/** A session or object. */
export type PageGroup = {
  readonly hash: string;
  readonly itype: string;
  readonly subType: string;
  readonly members: readonly Member[];
  /** Hashes of everything in it; of a session also those of its events. */
  readonly references: ReadonlySet<string>;
};

/** A number of events from one moment on. */
export type CountedInterval = {
  /** Seconds since 1970, UTC. */
  readonly start: number;
  readonly label: string;
  readonly events: number;
};

/** A node on the way from a malicious event. */
export type PathNode = {
  readonly hash: string;
  readonly itype: string;
  readonly subType: string;
  readonly data?: Scalar;
};

/** A way from a malicious event to the ranked one, with its part in the rank. */
export type EvidencePath = {
  readonly weight: number;
  readonly share: number;
  readonly nodes: readonly PathNode[];
};

/** The ThreatRank of an event. */
export type PageRank = {
  readonly hash: string;
  readonly event?: PageEvent;
  readonly rank: number;
  readonly isMalicious: boolean;
  readonly flags: readonly string[];
  readonly bounds?: { readonly least: number; readonly most: number };
  readonly paths: readonly EvidencePath[];
};

/** What was asked, and in which range. */
export type PageQuestion = {
  readonly asked: NamedValue;
  /** The values that events hold, each with their number. */
  readonly found: readonly RelatedValue[];
  /** Fields that select events, such as `category malicious`. */
  readonly limits: readonly (readonly [name: string, value: string])[];
  /** Bounds in seconds since 1970. */
  readonly from?: number;
  readonly to?: number;
  /** Events that hold any of the values. */
  readonly events: number;
  readonly firstSeen?: number;
  readonly lastSeen?: number;
  /** Events outside the range, if there are none in it; when the first and the last of them were. */
  readonly outside?: { readonly events: number; readonly first: number; readonly last: number };
  /** Networks around an address that was not found, or the host of a URL. */
  readonly within?: readonly RelatedValue[];
  /** Addresses in a network that was not found. */
  readonly addresses?: readonly RelatedValue[];
  /** What else may have been meant, if nothing was found. */
  readonly advice?: string;
};

/** Which part of the events an answer is about: one page, or the newest events up to it. */
export type ShownPart = {
  readonly page: number;
  readonly pages: number;
  /** Number of the newest events, if it is not one page. */
  readonly newest?: number;
};

/** Everything that the page shows of an answer; what the answer does not have is missing. */
export type PageAnswer = {
  readonly qtype: AboutAnswer["qtype"];
  /** When it was made, in seconds since 1970; missing in an empty list. */
  readonly answered?: number;
  /** Time zone of all times. */
  readonly zone: string;
  readonly question?: PageQuestion;
  readonly count?: number;
  readonly part?: ShownPart;
  readonly histogram?: { readonly by: string; readonly intervals: readonly CountedInterval[] };
  readonly related?: readonly RelatedValue[];
  readonly events?: readonly PageEvent[];
  /** Sessions and objects that are listed. */
  readonly groups?: readonly PageGroup[];
  readonly ranks?: readonly PageRank[];
  readonly organisations: { readonly [hash: string]: string };
  /** The answer as JSON. */
  readonly json: string;
};
