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

/** Signals that a request cannot be served. Whoever sent it gets the message. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: RefusalStatus;
  /** Seconds after which it is worth to try again. */
  readonly retryAfter: number | undefined;

  constructor(
    status: RefusalStatus,
    message: string,
    { retryAfter, ...options }: ErrorOptions & { readonly retryAfter?: number } = {},
  ) {
    super(message, options);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
