/** The members of a MISP event that are also there if a search result only names it. */
export type MispEventHeader = {
  readonly uuid: string | undefined;
  /** Seconds since 1970, UTC: when the MISP event was last changed, or its date. */
  readonly timestamp: number | undefined;
};

/** An event in the MISP core format (draft-dulaunoy-misp-core-format). */
export type MispEvent = MispEventHeader & {
  readonly info: string | undefined;
  /** Name of the organisation that created the MISP event. */
  readonly creator: string | undefined;
  readonly labels: readonly MispLabel[];
  readonly attributes: readonly MispAttribute[];
  readonly objects: readonly MispObject[];
  readonly proposals: readonly MispProposal[];
  /** UUIDs of the MISP events that it is related to or that it extends. */
  readonly relatedUuids: readonly string[];
  /** Name → number of members that only the Raw keeps: `EventReport` → 2. */
  readonly unread: ReadonlyMap<string, number>;
};

export type MispObject = {
  readonly uuid: string | undefined;
  readonly name: string | undefined;
  readonly isDeleted: boolean;
  readonly timestamp: number | undefined;
  readonly attributes: readonly MispAttribute[];
  readonly references: readonly MispReference[];
};

export type MispReference = {
  readonly targetUuid: string | undefined;
  readonly relationshipType: string | undefined;
  readonly isDeleted: boolean;
  readonly timestamp: number | undefined;
};

/** The value of an attribute or of a proposal. */
export type MispValue = {
  readonly type: string | undefined;
  readonly value: string | undefined;
  /** What the value is to the MISP object that it belongs to: `entrypoint-address`. */
  readonly relation: string | undefined;
  readonly isDeleted: boolean;
  /** MISP's `to_ids`: to see the value means an attack. */
  readonly isMalicious: boolean;
  /** True if a file is embedded in it. */
  readonly hasFile: boolean;
  readonly timestamp: number | undefined;
};

export type MispAttribute = MispValue & {
  readonly uuid: string | undefined;
  readonly labels: readonly MispLabel[];
  readonly sightings: readonly MispSighting[];
  readonly proposals: readonly MispProposal[];
};

export type MispSighting = {
  /** `"0"` is a plain sighting, and so is one without a type. */
  readonly type: string | undefined;
  readonly source: string | undefined;
  readonly organisation: string | undefined;
  readonly timestamp: number | undefined;
};

/** An attribute that somebody proposes to add, to put in place of another, or to delete. */
export type MispProposal = MispValue & { readonly isDeletion: boolean };

/** A tag, or a cluster of a galaxy under the galaxy's name: `threat-actor`. */
export type MispLabel = { readonly name: string; readonly value: string };
