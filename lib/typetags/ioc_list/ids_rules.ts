import { readIpAddress } from "../../indicators/ip_address.ts";
import { type LineReading, skipped } from "./reading.ts";

const RULE =
  /^(alert|drop|sdrop|reject(?:src|dst|both)?|log|pass)\s+[\w-]+\s+(\S+)\s+(\S+)\s+(?:->|<>)\s+(\S+)\s+(\S+)\s*\(.*\)\s*$/;

/**
 * Reads a rule of Snort or Suricata: the addresses between which it looks for traffic. What it looks
 * for inside the traffic, and where to read about it, are conditions and references. Undefined for
 * other lines.
 */
export function readIdsRule(line: string): LineReading | undefined {
  const [, action, source, , destination] = RULE.exec(line.trim()) ?? [];
  if (action === undefined) return undefined;
  if (action === "pass") return skipped("exception");
  const hosts = [source!, destination!].filter((side) => !side.startsWith("!"))
    .flatMap((side) => side.replace(/^\[|\]$/g, "").split(","));
  const indicators = hosts.flatMap((host) => readIpAddress(host.trim()) ?? []);
  return indicators.length > 0 ? { indicators } : skipped("rule that names no host");
}
