import { decodeMail } from "./email/decode_mail.ts";

/** How uploads are read that are not UTF-8. */
export type OtherCharset = {
  readonly read: (bytes: Uint8Array) => string;
  /** What it is called, in answers. */
  readonly name: string;
  /** Whether it also holds for what an envelope contains, which is UTF-8 by contract. */
  readonly isSealed: boolean;
};

/** Lists that tools on Windows still write in their own charset. Values in them are ASCII. */
const OF_LISTS: OtherCharset = {
  read: (bytes) => new TextDecoder("windows-1252").decode(bytes),
  name: "windows-1252",
  isSealed: true,
};

/** The typetags of which uploads may be in another charset than UTF-8. */
export const OTHER_CHARSETS: ReadonlyMap<string, OtherCharset> = new Map([
  ["ioc_list", OF_LISTS],
  ["openphish_feed", OF_LISTS],
  ["phishtank_feed", OF_LISTS],
  ["email", { read: decodeMail, name: "the mail says", isSealed: false }],
]);
