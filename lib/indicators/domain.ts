import { parse } from "tldts";
import { readHostName } from "./host_name.ts";

/** Top-level domains outside the registries: for documentation and tests (RFC 2606), Tor (RFC 7686). */
const SPECIAL_DOMAINS: ReadonlySet<string> = new Set(["example", "invalid", "onion", "test"]);

/** Top-level domains that are also extensions of common files. */
const FILE_EXTENSIONS: ReadonlySet<string> = new Set(["md", "mov", "py", "sh", "zip"]);

/** Extensions of files that end no domain name, not even in the roots beside the registries. */
const FILES_ONLY: ReadonlySet<string> = new Set(
  ("7z apk asp aspx bat bin bmp cfg class cmd conf csv dat deb dll dmg doc docm docx elf eml exe gif gz hta " +
    "htm html ini iso jar jpeg jpg js jse json jsp lnk log msi pdb pdf php png ps1 rar rpm rtf " +
    "scr svg swf sys tar tgz tmp txt vbe vbs wsf xls xlsm xlsx xml yaml yml").split(" "),
);

/**
 * How certain it is that a text with dots is a domain name: true where it could also be a file;
 * `"any"` where the source contains nothing else, so that its ending may also be one that is not on
 * the public suffix list (`.bit`, `.bazar`, `.i2p`).
 */
export type Certainty = boolean | "any";

/**
 * Reads a domain name that exists or could exist, in the spelling of {@link readHostName}. Undefined
 * for public suffixes (`co.uk`), and, unless `certainty` says otherwise, for names whose ending is
 * not on the public suffix list (`setup.exe`) and for what is more likely a file (`readme.md`).
 */
export function readDomain(text: string, certainty: Certainty = false): string | undefined {
  if (!/[.。．｡]/.test(text)) return undefined;
  const { subType, data: name = "" } = readHostName(text) ?? {};
  if (subType !== "domain") return undefined;
  const labels = name.split(".");
  const last = labels.at(-1)!;
  if (certainty === false && labels.length === 2 && FILE_EXTENSIONS.has(last)) return undefined;
  if (SPECIAL_DOMAINS.has(last)) return name;
  const { isIcann, domain } = parse(name, { validateHostname: false });
  if (isIcann === true) return domain === null ? undefined : name;
  return certainty === "any" && !FILES_ONLY.has(last) ? name : undefined;
}

/** Tells whether a text is the name of a file and cannot be that of a domain: `setup.exe`. */
export function isFileName(text: string): boolean {
  return FILES_ONLY.has(text.slice(text.lastIndexOf(".") + 1).toLowerCase());
}
