import { readIpAddress } from "../../indicators/ip_address.ts";
import { readName } from "./names.ts";
import { type LineReading, skipped } from "./reading.ts";

const RULE =
  /^(?:-\s*)?["']?(domain|domain-suffix|host|host-suffix|ip-cidr6?|domain-keyword|host-keyword|domain-regex|domain-wildcard|user-agent|url-regex|process-name|geoip|dst-port|src-ip-cidr|final|match)\s*,\s*([^,\s"']+)(?:\s*,\s*([\w-]+))?/i;
/** `- '+.example.com'`: a name and all below it. */
const SUFFIX = /^-\s*["']?\+\.([^\s"',]+)["']?$/;

/**
 * Reads a rule of Clash, Surge or Quantumult: `DOMAIN-SUFFIX,example.com,REJECT`. Undefined for other
 * lines.
 */
export function readProxyRule(line: string): LineReading | undefined {
  const text = line.trim();
  const [, suffix] = SUFFIX.exec(text) ?? [];
  if (suffix !== undefined) return found(readName(suffix));
  const [, kind, value, action] = RULE.exec(text) ?? [];
  if (kind === undefined || value === undefined) return undefined;
  if (/^(?:direct|proxy|pass|allow)$/i.test(action ?? "")) return skipped("exception");
  if (/^ip-cidr6?$/i.test(kind)) return found([readIpAddress(value) ?? []].flat());
  return found(/^(?:domain|host)(?:-suffix)?$/i.test(kind) ? readName(value) : []);
}

function found(indicators: LineReading["indicators"]): LineReading {
  return indicators.length > 0 ? { indicators } : skipped("rule that names no host");
}
