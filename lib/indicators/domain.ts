import { parse } from "tldts";
import { readHostName } from "./host_name.ts";

/** Top-level domains outside the registries: for documentation and tests (RFC 2606), Tor (RFC 7686). */
const SPECIAL_DOMAINS: ReadonlySet<string> = new Set(["example", "invalid", "onion", "test"]);

/** Top-level domains that are also extensions of common files. */
const FILE_EXTENSIONS: ReadonlySet<string> = new Set(["md", "mov", "py", "sh", "zip"]);

/**
 * Reads a domain name that exists or could exist, in the spelling of {@link readHostName}. Undefined
 * for public suffixes (`co.uk`), for names whose ending is not on the public suffix list
 * (`setup.exe`), and for what is more likely a file (`readme.md`), unless `isCertain` says that it is
 * a domain.
 */
export function readDomain(text: string, isCertain = false): string | undefined {
  if (!/[.。．｡]/.test(text)) return undefined;
  const { subType, data: name = "" } = readHostName(text) ?? {};
  if (subType !== "domain") return undefined;
  const labels = name.split(".");
  const last = labels.at(-1)!;
  if (!isCertain && labels.length === 2 && FILE_EXTENSIONS.has(last)) return undefined;
  if (SPECIAL_DOMAINS.has(last)) return name;
  const { isIcann, domain } = parse(name, { validateHostname: false });
  return isIcann === true && domain !== null ? name : undefined;
}
