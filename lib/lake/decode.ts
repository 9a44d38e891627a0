import { decodeText } from "../text/decode_text.ts";

export type DecodeOptions = {
  /** What the upload is: lists may be text in a charset of one byte for each character. */
  readonly typetag: string;
  /** Most bytes of text that a compressed upload may unfold to. */
  readonly maxBytes: number;
};

/** The text of an upload. */
export type DecodedUpload = {
  readonly text: string;
  /** What had to be guessed, by name, and how often; counted with what the filter skips. */
  readonly skipped: { readonly [what: string]: number };
};

/** Lists that tools on Windows still write in their own charset. Values in them are ASCII. */
const LIST_TYPETAGS: ReadonlySet<string> = new Set([
  "ioc_list",
  "openphish_feed",
  "phishtank_feed",
]);

/**
 * Reads the bytes of an upload as text, see {@link decodeText}; only lists may be in windows-1252.
 *
 * @throws {Rejected} TOO_LARGE when it unfolds to more than `maxBytes`, ENTRY_INVALID when it is
 * damaged or not text.
 */
export async function decodeUpload(
  bytes: Uint8Array,
  { typetag, maxBytes }: DecodeOptions,
): Promise<DecodedUpload> {
  const isList = LIST_TYPETAGS.has(typetag);
  const { text, isGuess } = await decodeText(bytes, { isList, maxBytes, purpose: "archived" });
  return {
    text,
    skipped: isGuess ? { "charset other than UTF-8 (read as windows-1252)": 1 } : {},
  };
}
