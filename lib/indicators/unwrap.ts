import { refang } from "./refang.ts";

/** Brackets around a whole value; those of an IPv6 address belong to it. */
const BRACKETS = /^<(.*)>$|^\((.*)\)$|^\[([^:\]]*)\]$/s;

/** Characters that nobody sees, which pages put between letters so that lines break there. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;

/**
 * A pasted value without invisible characters, without the quotes, brackets, list separators and
 * full stop around it, and no longer defanged.
 */
export function unwrap(text: string): string {
  const bare = text.replace(INVISIBLE, "").trim()
    .replace(/^(["'`])(.*)\1[,;]?$/s, "$2")
    .replace(BRACKETS, (_, angle, round, square) => angle ?? round ?? square);
  const plain = refang(bare.includes("://") ? bare : bare.replace(/[,;]+$/, "")).trim();
  return withoutFullStop(withoutClosingBracket(plain));
}

/** Drops the bracket behind a value, if it was not opened in it. */
function withoutClosingBracket(text: string): string {
  return /^[^()[\]]*[)\]][.,;]?$/.test(text) ? text.replace(/[)\]][.,;]?$/, "") : text;
}

/** What cannot end with a full stop: mail and IPv4 addresses, hashes, AS numbers, CVE ids. */
const WITHOUT_STOP = /^(?:[0-9.]+|[^\s@]+@[^\s@]+|[0-9a-f]{32,128}|asn?\s?[0-9]+|cve-[0-9-]+)$/i;

/** Drops the full stop where a sentence ended. */
function withoutFullStop(text: string): string {
  const rest = text.slice(0, -1);
  if (!text.endsWith(".") || rest.endsWith(".")) return text;
  return rest.includes("://") || WITHOUT_STOP.test(rest) ? rest : text;
}
