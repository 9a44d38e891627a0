import { recognise } from "../../indicators/recognise.ts";
import { readAdblockLine } from "./adblock.ts";
import { readChecksum } from "./checksum.ts";
import { readDnsLine } from "./dns.ts";
import { readFirewallLine } from "./firewall.ts";
import { readHostsLine } from "./hosts.ts";
import { readIdsRule } from "./ids_rules.ts";
import { readPeerRange } from "./peer_ranges.ts";
import { readProxyRule } from "./proxy_rules.ts";
import { addLine, type LineReading, type ListReading } from "./reading.ts";
import { rpzReader } from "./rpz.ts";

type LineReader = (line: string) => LineReading | undefined;

/** Makes a reader of lines that are rules of some program; it gives undefined for others. */
export function ruleReader(): LineReader {
  const readRpz = rpzReader();
  return (line) =>
    readHostsLine(line) ?? readIdsRule(line) ?? readAdblockLine(line) ?? readDnsLine(line) ??
      readFirewallLine(line) ?? readRpz(line) ?? readProxyRule(line) ?? readChecksum(line) ??
      readPeerRange(line);
}

/** Reads lines at least half of which are rules for browsers, servers, firewalls or hosts files. */
export function readRules(lines: readonly string[]): ListReading | undefined {
  const read = ruleReader();
  const rules = lines.map(read);
  const count = rules.filter((rule) => rule !== undefined).length;
  if (count === 0 || count * 2 < lines.length) return undefined;
  const reading: ListReading = { indicators: [], skipped: new Map(), rejected: [] };
  lines.forEach((line, index) => addLine(reading, rules[index] ?? readWholeLine(line)));
  return reading;
}

/** An entry among rules: something to look for, and nothing else. */
function readWholeLine(line: string): LineReading {
  const text = line.replace(/\s[#;].*$/, "").trim().replace(/^[-*+]\s+/, "");
  const indicator = recognise(text.replace(/^(["'`])(.*)\1$/, "$2"), "any");
  return { indicators: indicator === undefined ? [] : [indicator] };
}
