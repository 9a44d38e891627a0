/** Why an input is refused for good; stable, for callers and scripts. */
export type RejectedCode =
  | "ENVELOPE_REJECTED"
  | "FILE_MISSING"
  | "FILE_CORRUPT"
  | "TOO_LARGE"
  | "ENTRY_INVALID"
  | "DOCUMENT_TOO_LARGE"
  | "EVENTS_INVALID"
  | "EVENTS_REJECTED";

/** The input itself is at fault: never try it again. Anything else thrown may be tried again. */
export class Rejected extends Error {
  override name = "Rejected";
  readonly code: RejectedCode;

  constructor(code: RejectedCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The installation is at fault (configuration, key file): say so and exit 78 (EX_CONFIG). */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly code = "CONFIG";
  /** One line for each fault, all of them. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    super(faults.join("\n"), options);
    this.faults = faults;
  }
}

/** A store cannot be reached just now: wait and try again. */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable";
  readonly code = "STORE_UNAVAILABLE";
}

/** An instance cannot be deleted: others refer to it. */
export class StillReferred extends Error {
  override name = "StillReferred";
  readonly code = "STILL_REFERRED";
}

/** The message of whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
