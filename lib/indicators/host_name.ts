import { domainToASCII } from "node:url";

/** In characters, without the root dot (RFC 1035, section 2.3.4). */
const MAX_NAME_LENGTH = 253;

/** In characters: a name of combining characters may be longer than its A-labels. */
const MAX_TEXT_LENGTH = 4 * MAX_NAME_LENGTH;

// Underscores are not allowed in host names, but occur in the DNS.
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** A name of a host or zone, and the sub-type under which it is stored. */
export type HostName = {
  /** `hostname` for a name of one label, which is unique in one network only. */
  readonly subType: "domain" | "hostname";
  readonly data: string;
};

/**
 * Reads a host name of any spelling, and gives equal names the same one: A-labels (UTS 46), lower
 * case, without the root dot. `Bücher.example.` becomes `xn--bcher-kva.example`. Undefined if the
 * text is not a host name, which includes IP addresses; whether such a name exists is not asked.
 */
export function readHostName(text: string): HostName | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined;
  const data = toAscii(text)?.replace(/\.$/, "");
  if (data === undefined || data.length > MAX_NAME_LENGTH) return undefined;
  const labels = data.split(".");
  // The URL standard reads every name whose last label is a number as an IPv4 address.
  if (!labels.every((label) => LABEL.test(label)) || /^[0-9]+$/.test(labels.at(-1)!)) {
    return undefined;
  }
  return { subType: labels.length > 1 ? "domain" : "hostname", data };
}

function toAscii(text: string): string | undefined {
  // deno-lint-ignore no-control-regex -- the characters that UTS 46 does not map
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  // UTS 46 maps arrows, but no register takes them; pictures it does.
  if (/\p{Sm}/u.test(text)) return undefined;
  try {
    // Deno 2.9 returns the empty string for what is not a name; Deno 2.4 throws.
    return domainToASCII(text);
  } catch {
    return undefined;
  }
}
