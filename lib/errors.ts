import { systemReason } from "./system_reason.ts";

/** Why an input is rejected for good; stable, for callers and scripts. */
export type RejectedCode =
  | "ENVELOPE_REJECTED"
  | "FILE_MISSING"
  | "FILE_CORRUPT"
  | "TOO_LARGE"
  | "ENTRY_INVALID"
  | "DOCUMENT_TOO_LARGE"
  | "EVENTS_INVALID"
  | "EVENTS_REJECTED";

/** Signals that the input itself is at fault: never try it again. All other errors may be retried. */
export class Rejected extends Error {
  override name = "Rejected";
  readonly code: RejectedCode;

  constructor(code: RejectedCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Signals a fault of the installation (configuration, key file): the program exits with 78, EX_CONFIG. */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly code = "CONFIG";
  /** All faults, one line each. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    super(faults.join("\n"), options);
    this.faults = faults;
  }
}

/** Signals that a store cannot be reached at the moment: wait and try again. */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable";
  readonly code = "STORE_UNAVAILABLE";
}

/** Signals that a database file does not exist, and that the command does not create one. */
export class StoreMissing extends StoreUnavailable {
  override name = "StoreMissing";
}

/** Signals that a stored instance cannot be read: it has a field of a wrong type. */
export class DamagedInstance extends Error {
  override name = "DamagedInstance";
  readonly code = "INSTANCE_DAMAGED";
}

/** Signals that an instance cannot be deleted because others refer to it. */
export class StillReferred extends Error {
  override name = "StillReferred";
  readonly code = "STILL_REFERRED";
}

/** The message of anything that was thrown; what the system says, in plain words. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? systemReason(error) ?? error.message : String(error);
}
