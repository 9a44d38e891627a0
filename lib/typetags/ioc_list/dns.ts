import { readIpAddress } from "../../indicators/ip_address.ts";
import { readName } from "./names.ts";
import { type LineReading, skipped } from "./reading.ts";

/**
 * Reads a line of a DNS server's list of blocked names: dnsmasq, Unbound, BIND. Undefined for other
 * lines.
 */
export function readDnsLine(line: string): LineReading | undefined {
  const text = line.trim();
  return readDnsmasq(text) ?? readSmartDns(text) ?? readUnbound(text) ?? readBind(text);
}

const DNSMASQ_SETTING =
  /^(?:server|rev-server|listen-address|interface|except-interface|no-dhcp-interface|bogus-nxdomain|ignore-address|alias|bind-[\w-]+|dhcp-[\w-]+|conf-(?:file|dir)|addn-hosts|resolv-file|cache-size|port|expand-hosts|local-ttl|rebind-domain-ok|cname|ptr-record|ipset|nftset|auth-[\w-]+)=/;

/** `address=/example.com/0.0.0.0`, `address /example.com/#` of SmartDNS, `server=/example.com/`, `local=/a.example/b.example/`. */
function readDnsmasq(text: string): LineReading | undefined {
  const [, key, names, target = ""] =
    /^(?:--)?(address|server|local)(?:=|\s+)\/(.+)\/([^/\s]*)(?:\s+#.*)?$/.exec(text) ?? [];
  if (names === undefined) return DNSMASQ_SETTING.test(text) ? skipped("setting") : undefined;
  // A server for these names alone sends queries on; `#` stands for the usual servers.
  const isForwarded = key !== "address" && target !== "";
  return isForwarded || (key === "address" && target === "-")
    ? skipped("exception")
    : block(names.split("/"));
}

/** `nameserver /example.com/group` sends queries on. */
function readSmartDns(text: string): LineReading | undefined {
  return /^(?:nameserver|ipset|nftset|domain-rules|cname)\s+\/\S+\/\S*/.test(text)
    ? skipped("exception")
    : undefined;
}

const UNBOUND_SETTING =
  /^(?:forward-[\w-]+|stub-[\w-]+|interface(?:-[\w-]+)?|outgoing-[\w-]+|access-control(?:-[\w-]+)?|private-[\w-]+|control-[\w-]+|local-data-ptr|local-zone-[\w-]+|root-hints|auto-trust-anchor-file|trust-anchor[\w-]*|tls-[\w-]+|domain-insecure|do-not-query-address|chroot|module-config|define-tag)\s*:/;
const ALLOWING_ZONE =
  /^(?:transparent|typetransparent|always_transparent|nodefault|inform|noview)\b/;

/** `local-zone: "example.com" always_nxdomain`, `local-data: "example.com A 0.0.0.0"`. */
function readUnbound(text: string): LineReading | undefined {
  const [, name, type] = /^local-zone:\s*["']?([^"'\s]+)["']?\s+["']?(\w+)/.exec(text) ?? [];
  if (name !== undefined) return ALLOWING_ZONE.test(type!) ? skipped("exception") : block([name]);
  const [, data] = /^local-data:\s*["']?([^"'\s]+)\s+(?:\d+\s+)?(?:IN\s+)?(?:A|AAAA|CNAME)\s/i
    .exec(text) ?? [];
  if (data !== undefined) return block([data]);
  return UNBOUND_SETTING.test(text) || /^local-data:/.test(text) ? skipped("setting") : undefined;
}

const FORWARDED_ZONE = /\btype\s+"?(?:slave|secondary|forward|stub|hint|static-stub|mirror)\b/i;
const BIND_BLOCK =
  /^(?:options|acl|logging|controls|key|server|masters|primaries|view|statistics-channels|trusted-keys|managed-keys|trust-anchors|dnssec-policy|tls|http|lwres|forwarders|response-policy|include)\b[^{}]*(?:\{|"[^"]*";\s*$)/;

/** `zone "example.com" { type master; file "blocked"; };`, whole (see joinBlocks). */
function readBind(text: string): LineReading | undefined {
  const [, name, body] = /^zone\s+"?([^"\s{]+)"?\s*(?:IN\s*)?(\{.*)$/is.exec(text) ?? [];
  if (name === undefined) {
    return BIND_BLOCK.test(text) || /^\};?$/.test(text) ? skipped("setting") : undefined;
  }
  return FORWARDED_ZONE.test(body!) ? skipped("exception") : block([name]);
}

function block(names: readonly string[]): LineReading {
  const indicators = names.filter((name) => readIpAddress(name) === undefined).flatMap(readName);
  return indicators.length > 0 ? { indicators } : skipped("rule that names no host");
}

const MAX_BLOCK_LINES = 10_000;

/**
 * Joins the lines of each statement of BIND's configuration, of each SOA record, and of each list of
 * Privoxy's actions, to one.
 */
export function joinBlocks(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let open: { text: string[]; depth: number; pair: readonly [string, string] } | undefined;
  for (const line of lines) {
    const pair = open?.pair ?? opens(line);
    if (pair === undefined) {
      joined.push(line);
      continue;
    }
    open ??= { text: [], depth: 0, pair };
    open.text.push(line);
    open.depth += count(line, pair[0]) - count(line, pair[1]);
    if (open.depth > 0 && open.text.length < MAX_BLOCK_LINES) continue;
    joined.push(open.text.join(" "));
    open = undefined;
  }
  return open === undefined ? joined : [...joined, open.text.join(" ")];
}

function opens(line: string): readonly [string, string] | undefined {
  if (/\sSOA\s[^()]*\([^)]*$/i.test(line)) return ["(", ")"];
  if (/^\s*\{\s*(?:[-+][a-z].*)?\\$/i.test(line)) return ["{", "}"];
  const isBlock = line.includes("{") &&
    /^\s*(?:zone\s|options\b|acl\b|logging\b|controls\b|key\b|masters\b|primaries\b)/.test(line);
  return isBlock ? ["{", "}"] : undefined;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
