import { decodeText } from "../text/decode_text.ts";
import { OTHER_CHARSETS } from "../typetags/other_charsets.ts";

export type DecodeOptions = {
  /** What the upload is: lists and mail may be text in another charset than UTF-8. */
  readonly typetag: string;
  /** Most bytes of text that a compressed upload may unfold to. */
  readonly maxBytes: number;
  /** Whether it comes from an envelope. */
  readonly isSealed?: boolean;
};

/** The text of an upload. */
export type DecodedUpload = {
  readonly text: string;
  /** What had to be guessed, by name, and how often; counted with what the filter skips. */
  readonly skipped: { readonly [what: string]: number };
};

/** How a text begins that says in which charset an upload was read. */
export const OTHER_CHARSET = "charset other than UTF-8";

/**
 * Reads the bytes of an upload as text, see {@link decodeText}; only lists may be in windows-1252,
 * and mail that is not sealed in the charsets that it names.
 *
 * @throws {Rejected} TOO_LARGE when it unfolds to more than `maxBytes`, ENTRY_INVALID when it is
 * damaged or not text.
 */
export async function decodeUpload(
  bytes: Uint8Array,
  { typetag, maxBytes, isSealed = false }: DecodeOptions,
): Promise<DecodedUpload> {
  const known = OTHER_CHARSETS.get(typetag);
  const other = isSealed && known?.isSealed !== true ? undefined : known;
  const { text, isGuess } = await decodeText(bytes, {
    maxBytes,
    purpose: "archived",
    ...(other !== undefined && { readOther: other.read }),
  });
  return { text, skipped: isGuess ? { [`${OTHER_CHARSET} (read as ${other!.name})`]: 1 } : {} };
}
