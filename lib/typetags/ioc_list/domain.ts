import { parse } from "tldts";

/** Names that no registry gives out: for documentation and tests (RFC 2606), Tor (RFC 7686). */
const SPECIAL: ReadonlySet<string> = new Set(["example", "invalid", "onion", "test"]);

/** Top-level domains that are endings of common files, too. */
const FILE_ENDINGS: ReadonlySet<string> = new Set(["md", "mov", "py", "sh", "zip"]);

/** With the dot of the root (RFC 1035, section 2.3.4). */
const LONGEST = 254;

const LABEL = /^[\p{L}\p{M}\p{N}_](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}_])?$/u;

/**
 * A domain name that exists or could, in lower case, without the dot of the root. Undefined for
 * public suffixes (`co.uk`), for names under no top-level domain of the public suffix list
 * (`setup.exe`), and, unless it is certain to be one, for what is rather a file (`readme.md`).
 */
export function domainName(text: string, isCertain = false): string | undefined {
  if (text.length > LONGEST) return undefined;
  const name = text.toLowerCase().replace(/\.$/, "");
  const labels = name.split(".");
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) return undefined;
  const last = labels.at(-1)!;
  if (!isCertain && labels.length === 2 && FILE_ENDINGS.has(last)) return undefined;
  if (SPECIAL.has(last)) return name;
  const { isIcann, domain } = parse(name, { validateHostname: false });
  return isIcann === true && domain !== null ? name : undefined;
}
