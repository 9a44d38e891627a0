/** Statuses of refused requests. */
export type RefusalStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 406
  | 408
  | 409
  | 413
  | 415
  | 429
  | 500
  | 503;

/** Kinds of refused requests that an operator counts: bodies that are not taken, and limits. */
export const REFUSAL_KINDS = [
  "body_broken",
  "body_too_large",
  "body_too_slow",
  "no_room",
  "requests",
  "questions",
] as const;

export type RefusalKind = typeof REFUSAL_KINDS[number];

export type RefusalOptions = ErrorOptions & {
  readonly retryAfter?: number;
  readonly kind?: RefusalKind;
};

/** Signals that a request cannot be served. Whoever sent it gets the message. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: RefusalStatus;
  /** Seconds after which it is worth to try again. */
  readonly retryAfter: number | undefined;
  readonly kind: RefusalKind | undefined;

  constructor(
    status: RefusalStatus,
    message: string,
    { retryAfter, kind, ...options }: RefusalOptions = {},
  ) {
    super(message, options);
    this.status = status;
    this.retryAfter = retryAfter;
    this.kind = kind;
  }
}
