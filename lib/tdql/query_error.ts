/** First word of a failed report, one of those that the TAHOE/CYBEX-P contract lists. */
export type QueryErrorKind =
  | "ValidationError"
  | "InvalidParameterValue"
  | "InvalidUserError"
  | "ServerError";

/**
 * The question is at fault. Its asker gets the message as `<kind>: <message>` in a failed report, so
 * it names the field and a valid form, but never repeats a value.
 */
export class QueryError extends Error {
  override name = "QueryError";
  readonly kind: QueryErrorKind;

  constructor(kind: QueryErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
