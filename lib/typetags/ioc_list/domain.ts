import { parse } from "tldts";

/** Top-level domains outside the registries: for documentation and tests (RFC 2606), Tor (RFC 7686). */
const SPECIAL_DOMAINS: ReadonlySet<string> = new Set(["example", "invalid", "onion", "test"]);

/** Top-level domains that are also extensions of common files. */
const FILE_EXTENSIONS: ReadonlySet<string> = new Set(["md", "mov", "py", "sh", "zip"]);

/** In characters, including the final dot (RFC 1035, section 2.3.4). */
const MAX_DOMAIN_LENGTH = 254;

const LABEL = /^[\p{L}\p{M}\p{N}_](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}_])?$/u;

/**
 * Reads a domain name that exists or could exist, in lower case and without the final dot. Undefined
 * for public suffixes (`co.uk`), for names whose ending is not on the public suffix list
 * (`setup.exe`), and for what is more likely a file (`readme.md`), unless `isCertain` says that it is
 * a domain.
 */
export function readDomain(text: string, isCertain = false): string | undefined {
  if (text.length > MAX_DOMAIN_LENGTH) return undefined;
  const name = text.toLowerCase().replace(/\.$/, "");
  const labels = name.split(".");
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) return undefined;
  const last = labels.at(-1)!;
  if (!isCertain && labels.length === 2 && FILE_EXTENSIONS.has(last)) return undefined;
  if (SPECIAL_DOMAINS.has(last)) return name;
  const { isIcann, domain } = parse(name, { validateHostname: false });
  return isIcann === true && domain !== null ? name : undefined;
}
