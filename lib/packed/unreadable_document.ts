/** A stored document cannot be put together again; the message says why. */
export class UnreadableDocument extends Error {
  override readonly name = "UnreadableDocument";
}
