import type { Config } from "../config.ts";
import type { Finding } from "../finding.ts";
import type { EdgeSource } from "../graph/edge_follower.ts";
import type { Edges } from "../graph/edges.ts";
import type { Graph } from "../graph/graph.ts";
import type { CacheLake } from "../lake/lake.ts";
import type { Positions } from "../lake/positions.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { Inbox } from "../tdql/inbox.ts";

/** Every store that can be opened; `graph` and `edges` are the archive as reports read it. */
export type Stores = {
  readonly lake: CacheLake;
  readonly archive: InstanceStore;
  readonly positions: Positions;
  readonly graph: Graph;
  readonly edges: Edges & EdgeSource;
  readonly identity: InstanceStore;
  readonly inbox: Inbox;
  readonly reports: InstanceStore;
};

/** The stores that were asked for, open. */
export type OpenStores<Name extends keyof Stores> = Pick<Stores, Name> & {
  /** Creates missing indices; returns notices for the operator. */
  prepare(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** Sections of the configuration that name a database. */
export type Section = "cache" | "archive" | "identity" | "report";

/** The section of the configuration that says where each store is. */
export const SECTIONS = {
  lake: "cache",
  archive: "archive",
  positions: "archive",
  graph: "archive",
  edges: "archive",
  identity: "identity",
  inbox: "report",
  reports: "report",
} as const satisfies { readonly [Name in keyof Stores]: Section };

export type OpenOptions = {
  /** Whether to create a database that does not exist. */
  readonly create?: boolean;
  /** Called time and again while the SQLite file of an earlier version is migrated. */
  readonly onCopied?: OnCopied;
};

/** Told how many documents were copied since the last call, and how many there are in all. */
export type OnCopied = (copied: number, total: number) => void;

/** Access to databases: the only one that commands have. */
export type Databases = {
  /**
   * Opens stores. With `create: false` none is made: an SQLite file must exist
   * unless it is at the default place, where a missing one is empty.
   *
   * @throws {StoreUnavailable} STORE_UNAVAILABLE when a database cannot be reached.
   */
  open<Name extends keyof Stores>(
    config: Config,
    names: readonly Name[],
    options?: OpenOptions,
  ): Promise<OpenStores<Name>>;
  /**
   * Examines the database of a section without changing it, unless an earlier version wrote it. Fails
   * as opening it would.
   */
  inspect(
    config: Config,
    section: Section,
    options?: Pick<OpenOptions, "onCopied">,
  ): Promise<readonly Finding[]>;
  /**
   * Copies an SQLite file that may be in use.
   *
   * @throws {RangeError} when the file does not exist, or the copy does already.
   */
  backUp(path: string, copy: string): Promise<void>;
};

/** What a command gets from its program. */
export type Context = {
  /** Name of the program. */
  readonly program: string;
  readonly version: string;
  /**
   * Returns the configuration, which is read at the first call.
   *
   * @throws {ConfigError} CONFIG when the configuration is wrong.
   */
  config(): Promise<Config>;
  /**
   * Opens stores, or returns those that are open already. The program closes them. After a failure
   * the next call tries again.
   *
   * @throws {StoreUnavailable} STORE_UNAVAILABLE when a database cannot be reached.
   */
  stores<Name extends keyof Stores>(...names: Name[]): Promise<OpenStores<Name>>;
  /**
   * Returns a signal that aborts when the program is told to stop. From the first call on, SIGTERM
   * and SIGINT no longer end the program by themselves.
   */
  stopSignal(): AbortSignal;
  readonly inspect: (config: Config, section: Section) => Promise<readonly Finding[]>;
  readonly backUp: Databases["backUp"];
  /** Writes a result to standard output: the value with `--json`, otherwise the text. */
  show(value: unknown, text: () => string): void;
  /** Makes the program end with exit code 1. */
  fail(): void;
  /** Ends the process at once, as the signal that aborted {@link stopSignal} would have. */
  endBySignal(): void;
};
