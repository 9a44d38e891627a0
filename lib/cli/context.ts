import type { Config, StoreConfig } from "../config.ts";
import type { Finding } from "../finding.ts";
import type { CacheLake } from "../lake/lake.ts";
import type { InstanceStore } from "../tahoe/instances.ts";

/** The stores a program works on. */
export type Stores = {
  readonly lake: CacheLake;
  readonly archive: InstanceStore;
  /** Makes the indices that are missing; returns what somebody should know of them. */
  prepare(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** How a program reaches databases: the only way that commands have. */
export type Databases = {
  /** Throws StoreUnavailable if one of them is away. */
  open(config: Config): Promise<Stores>;
  /** Looks at one store without changing it. Throws what opening it throws. */
  inspect(store: StoreConfig, holds: "entries" | "instances"): Promise<readonly Finding[]>;
};

/** What a command gets from the program it is part of. */
export type Context = {
  /** Read when first asked for. Throws ConfigError. */
  config(): Promise<Config>;
  /**
   * Opened when first asked for, and again after that failed; the program closes them. Throws
   * StoreUnavailable if a database is away.
   */
  stores(): Promise<Stores>;
  /** Aborts when the program is told to stop: from the first call on signals no longer end it. */
  stopSignal(): AbortSignal;
  readonly inspect: Databases["inspect"];
  /** Writes a result to standard output: the value with --json, otherwise the text. */
  show(value: unknown, text: () => string): void;
  /** Makes the program end with exit code 1. */
  fail(): void;
};
