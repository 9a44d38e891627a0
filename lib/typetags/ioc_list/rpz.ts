import { readIpAddress } from "../../indicators/ip_address.ts";
import { readName } from "./names.ts";
import { type LineReading, skipped } from "./reading.ts";

const DIRECTIVE = /^\$(?:TTL|ORIGIN|INCLUDE|GENERATE)\b/i;
const RECORD =
  /^(\S*)\s+(?:(?:\d+[smhdw]?|IN)\s+){0,2}(SOA|NS|CNAME|DNAME|A|AAAA|TXT|MX)\s+(\S.*)$/;

/**
 * Makes a reader of the lines of response policy zones: the names and addresses whose answers they
 * change. It keeps the zone's own name, which may end the names of records.
 */
export function rpzReader(): (line: string) => LineReading | undefined {
  let origin: string | undefined;
  return (line) => {
    // URLhaus ends its zone with a name of its own, for trying whether the zone works.
    if (/^test-?entry\b|;\s*test entry\b/i.test(line)) return skipped("exception");
    const text = line.replace(/(?<!\s)\s*;.*$/, "");
    if (DIRECTIVE.test(text)) {
      origin = originOf(text) ?? origin;
      return skipped("record of the zone itself");
    }
    const [, owner, type, target] = RECORD.exec(text.trimEnd()) ?? [];
    if (owner === undefined || !fits(type!, target!)) return undefined;
    if (type === "SOA" && owner.endsWith(".")) origin = owner;
    return type === "SOA" || type === "NS" || type === "MX" || owner === "" || owner === "@"
      ? skipped("record of the zone itself")
      : readTrigger(withoutOrigin(owner, origin), target!.trim());
  };
}

function originOf(text: string): string | undefined {
  return /^\$ORIGIN\s+(\S+\.)/i.exec(text)?.[1];
}

/** False for prose that happens to have the name of a record type in it. */
function fits(type: string, target: string): boolean {
  if (type === "A" || type === "AAAA") return readIpAddress(target.trim()) !== undefined;
  return type === "CNAME" || type === "DNAME" ? /^\S+$/.test(target.trim()) : true;
}

function withoutOrigin(owner: string, origin: string | undefined): string {
  const end = `.${origin?.toLowerCase()}`;
  return origin !== undefined && owner.toLowerCase().endsWith(end)
    ? owner.slice(0, -end.length)
    : owner;
}

function readTrigger(owner: string, target: string): LineReading {
  // The old way to let a name pass is a CNAME of itself.
  if (/^rpz-(?:passthru|tcp-only)\.?$/i.test(target) || sameName(owner, target)) {
    return skipped("exception");
  }
  const [, labels, trigger] = /^(.*)\.rpz-(ip|nsip|client-ip|nsdname)(?:\.|$)/i.exec(owner) ?? [];
  const kind = trigger?.toLowerCase();
  // The address of one who asks is not that of what they ask for.
  if (kind === "client-ip") return skipped("rule that names no host");
  const indicators = kind === "ip" || kind === "nsip"
    ? readReversed(labels!)
    : readName(labels ?? owner);
  return indicators.length > 0 ? { indicators } : skipped("rule that names no host");
}

function sameName(owner: string, target: string): boolean {
  return owner.replace(/\.$/, "").toLowerCase() === target.replace(/\.$/, "").toLowerCase();
}

/** `24.0.2.0.192` and `32.zz.db8.2001`: the prefix length, and the address backwards. */
function readReversed(labels: string): LineReading["indicators"] {
  const [length = "", ...groups] = labels.split(".");
  const isIpv4 = groups.length === 4 && groups.every((group) => /^\d{1,3}$/.test(group));
  const address = groups.reverse().join(isIpv4 ? "." : ":").replace(/:?zz:?/i, "::");
  const network = readIpAddress(`${address}/${length}`);
  return network === undefined ? [] : [network];
}
