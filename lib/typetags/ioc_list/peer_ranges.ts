import { replaceRanges } from "../../indicators/range.ts";
import { readIpAddress } from "../../indicators/ip_address.ts";
import type { LineReading } from "./reading.ts";

const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const LABELLED = new RegExp(String.raw`^[^:]*\D:(${IPV4}\s?-\s?${IPV4})$`);

/** Reads a line of a block list for peers, whatever its label: `Some Name, Inc:192.0.2.0-192.0.2.255`. */
export function readPeerRange(line: string): LineReading | undefined {
  const [, range] = LABELLED.exec(line.trim()) ?? [];
  if (range === undefined) return undefined;
  const indicators = replaceRanges(range).split(" ").flatMap((word) => readIpAddress(word) ?? []);
  return indicators.length > 0 ? { indicators } : undefined;
}
