import type { Config } from "../config.ts";
import type { Finding } from "../finding.ts";
import type { Edges } from "../graph/edges.ts";
import type { Graph } from "../graph/graph.ts";
import type { CacheLake } from "../lake/lake.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { Inbox } from "../tdql/inbox.ts";

/** All there is to open; `graph` and `edges` are the archive as reports look at it. */
export type Stores = {
  readonly lake: CacheLake;
  readonly archive: InstanceStore;
  readonly graph: Graph;
  readonly edges: Edges;
  readonly identity: InstanceStore;
  readonly inbox: Inbox;
  readonly reports: InstanceStore;
};

/** Those of the stores that somebody asked for. */
export type Opened<Name extends keyof Stores> = Pick<Stores, Name> & {
  /** Makes the indices that are missing; returns what somebody should know of them. */
  prepare(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** Sections of the configuration that say where stores lie. */
export type Section = "cache" | "archive" | "identity" | "report";

/** How a program reaches databases: the only way that commands have. */
export type Databases = {
  /** Throws StoreUnavailable if one of them is away. */
  open<Name extends keyof Stores>(config: Config, names: readonly Name[]): Promise<Opened<Name>>;
  /** Looks at what a section names without changing it. Throws what opening it throws. */
  inspect(config: Config, section: Section): Promise<readonly Finding[]>;
  /** Copies an SQLite file that may be in use. Throws RangeError if it or a free name is missing. */
  backUp(path: string, copy: string): Promise<void>;
};

/** What a command gets from the program it is part of. */
export type Context = {
  /** What the program is called. */
  readonly program: string;
  readonly version: string;
  /** Read when first asked for. Throws ConfigError. */
  config(): Promise<Config>;
  /**
   * Opened when first asked for, and again after that failed; the program closes them. Throws
   * StoreUnavailable if a database is away.
   */
  stores<Name extends keyof Stores>(...names: Name[]): Promise<Opened<Name>>;
  /** Aborts when the program is told to stop: from the first call on signals no longer end it. */
  stopSignal(): AbortSignal;
  readonly inspect: Databases["inspect"];
  readonly backUp: Databases["backUp"];
  /** Writes a result to standard output: the value with --json, otherwise the text. */
  show(value: unknown, text: () => string): void;
  /** Makes the program end with exit code 1. */
  fail(): void;
};
