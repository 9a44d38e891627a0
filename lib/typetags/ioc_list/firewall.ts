import { readIpAddress } from "../../indicators/ip_address.ts";
import { readName } from "./names.ts";
import { type LineReading, skipped } from "./reading.ts";
import { indicatorsOf, scan } from "./scan.ts";

const ALLOWING_SET = /white|allow|trust|permit/i;

/**
 * Reads a rule of a firewall or web server: the addresses that it keeps out. Undefined for lines that
 * are written for neither nginx, Apache, iptables, ipset, MikroTik nor Cisco.
 */
export function readFirewallLine(line: string): LineReading | undefined {
  const text = line.trim();
  const [, hole] = /^ip(?:v6)?\s+route\s+(\S.*)\s+null0\b/i.exec(text) ?? [];
  if (hole !== undefined) return block(hole);
  return readAccess(text) ?? readIptables(text) ?? readSet(text);
}

const NEXT_ADDRESS = /^(?:from\s+|ip\s+|host\s+|tcp\s+|udp\s+)*[0-9a-f:.]+(?:\/|\s|;|,|$)/i;

/** `deny 192.0.2.1;`, `Deny from 192.0.2.1`, `Require not ip 192.0.2.1`, `access-list 1 permit …`. */
function readAccess(text: string): LineReading | undefined {
  const [, action, rest] =
    /^(?:access-list\s+\S+\s+)?(?:\d+\s+)?(deny|allow|permit|require not|require)\s+(.*)$/i.exec(
      text,
    ) ?? [];
  if (action === undefined || rest === undefined) return undefined;
  if (/^(?:from\s+)?(?:all|any)\b/i.test(rest)) return skipped("setting");
  if (!NEXT_ADDRESS.test(rest)) return undefined;
  return /^(?:deny|require not)$/i.test(action) ? block(rest) : skipped("exception");
}

/** `-A INPUT -s 192.0.2.1/32 -j DROP`; what leaves the machine has its target behind `-d`. */
function readIptables(text: string): LineReading | undefined {
  const [, chain, rest] =
    /^(?:ip6?tables\s+)?(?:-t\s+\w+\s+)?(?:-[AI]|--append|--insert)\s+(\S+)\s+(.*)$/.exec(text) ??
      [];
  if (chain === undefined || rest === undefined) return undefined;
  if (!/(?:-j|--jump)\s+(?:DROP|REJECT|TARPIT|LOGDROP|BLACKHOLE)\b/i.test(rest)) {
    return skipped("exception");
  }
  const address = (option: string) =>
    new RegExp(`(?<!!\\s)${option}\\s+([^\\s!]+)`).exec(rest)?.[1];
  const source = address("(?:-s|--source|--src)");
  const target = address("(?:-d|--destination|--dst)");
  return block((/output/i.test(chain) ? target ?? source : source ?? target) ?? "");
}

/**
 * `add blocked 192.0.2.1` of ipset, `add list=blocked address=192.0.2.1` of MikroTik, and what its
 * DNS server does not resolve: `add name=example.com address=0.0.0.0`.
 */
function readSet(text: string): LineReading | undefined {
  if (/^create\s+\S+\s+hash:|^\/ip\s+(?:firewall\s+address-list|dns\s+static)$/.test(text)) {
    return skipped("setting");
  }
  const [, name] =
    /^(?:\/ip\s+dns\s+static\s+)?add\s(?:.*\s)?name="?([\w.-]+\.[a-z][\w-]*)"?(?:\s|$)/i.exec(
      text,
    ) ??
      [];
  if (name !== undefined) return { indicators: readName(name) };
  const mikrotik = /^(?:\/ip\s+firewall\s+address-list\s+)?add\s.*\baddress="?([^\s"]+)/.exec(text);
  const [, set, address] = mikrotik === null
    ? /^(?:ipset\s+)?(?:-!?\s+|-exist\s+)?(?:add|-A)\s+(\S+)\s+([0-9a-f:.]+(?:\/\d+)?)(?:,\S+)?(?:\s|$)/i
      .exec(text) ?? []
    : ["", /\blist="?([^\s"]+)/.exec(text)?.[1] ?? "", mikrotik[1]];
  if (set === undefined || address === undefined) return undefined;
  return ALLOWING_SET.test(set) ? skipped("exception") : block(address);
}

function block(text: string): LineReading {
  const [target = ""] = text.split(/\s[#;]/);
  const { words } = scan(target.replace(/;+$/, ""));
  const indicators = indicatorsOf(words).filter(({ data }) => readIpAddress(data) !== undefined);
  return indicators.length > 0 ? { indicators } : skipped("rule that names no host");
}
