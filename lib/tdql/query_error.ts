/** The word a failed report begins with, as the TAHOE/CYBEX-P contract lists them. */
export type QueryErrorKind =
  | "ValidationError"
  | "InvalidParameterValue"
  | "InvalidUserError"
  | "ServerError";

/**
 * The question is at fault. The message is for who asked it, as `<kind>: <message>` of a failed
 * report; it names the field and a right form, and repeats no value.
 */
export class QueryError extends Error {
  override name = "QueryError";
  readonly kind: QueryErrorKind;

  constructor(kind: QueryErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
