import { readDomain } from "../indicators/domain.ts";
import { fileNameHash } from "../indicators/hash_name.ts";
import { separateMailFields } from "../indicators/mail_field.ts";
import type { Indicator } from "../indicators/recognise.ts";
import { type LineKind, separateEndpoints } from "./endpoints.ts";
import { separateCommands } from "./shell_words.ts";

/** `192.0.2.1->192.0.2.2`. A URL holds no arrows. */
const ARROW = /(?<=[\w\])}])(?:<?[-=]{1,2}>|<-{1,2}|[→⇒⟶➜←↔⇔])(?=[\w[({/])|(?<=\d)[<>](?=\d)/g;
/** How the cache Squid reached a server: `HIER_DIRECT/192.0.2.1`. */
const SQUID = /(?<![\w./-])((?:DIRECT|NONE|CARP|PINNED|[A-Z]+(?:_[A-Z]+)+)\/)(?=\S)/g;
/** A question to a name server: `example.com/A/IN`. */
const DNS_QUESTION =
  /(?<=[\w.])\/(?:A|AAAA|ANY|CAA|CNAME|DNSKEY|DS|HTTPS|MX|NS|PTR|SOA|SRV|SVCB|TXT|TYPE\d{1,5})\/(?:IN|CH|HS|ANY)(?![\w/])/g;
/** `mail.example.com[192.0.2.1]`. */
const ADDRESS_BEHIND_NAME = /(?<=\w)\[(?=(?:\d{1,3}\.){3}\d{1,3}\]|[0-9a-f]{0,4}:[0-9a-f:.]+\])/gi;
/** `example.com:https`, `git@example.com:a/b`. */
const NAME_AND_SERVICE =
  /(?<![\w.-])((?:[\w-]{1,63}\.){1,8}[a-z]{2,24}):(?:[a-z][a-z0-9-]{0,15}(?=[\s),;\]]|$)|(?<=@[^\s@]{1,253}:)(?=\w|\/))/gi;
/** `example.com.https > `, as tcpdump writes names and ports. */
const NAME_AND_PORT =
  /(?<![\w.@-])((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})\.(?:\d{1,5}|[a-z][a-z0-9-]{1,15})(?=:?(?:\s|$))/gi;
/** A file that is called by its hash; behind the name of a host it is a part of a URL. */
const FILE_NAME =
  /(?<![\w.]|\.[\w-]{1,63}(?::\d{1,5})?[/?]\S{0,500})[0-9a-f]{32,128}(?:\.[a-z0-9]{1,8}){1,2}(?![\w.-])/gi;

/** A URL with a scheme, also defanged, which stays as it is. */
const URL_WORD = /([a-z][a-z0-9+.*-]{1,15}\[?:(?:\[?\/\/|\\\\)\]?[^\s"<>`^]*)/i;

/**
 * A line of a log with what it joins written apart: both ends of an arrow, addresses and ports, names
 * and what is said of them. Text without such marks stays as it is.
 */
export function takeLogLineApart(line: string): string {
  if (!/[/:@[=>←-⟿➜#%^]|\d[.-]\d|[0-9a-f]{32}/.test(line)) return line;
  const plain = separateCommands(withoutLeef(line)).replace(ARROW, " ");
  const kind: LineKind = {
    isFlow: FLOW.test(line),
    hasSlashPorts: SLASH_PORTS.some((form) => form.test(plain)),
    isAlone: !/[\s=]/.test(line.trim()),
  };
  return plain.split(URL_WORD)
    .map((part, at) => at % 2 === 1 ? part : separateEndpoints(separateNames(part, kind), kind))
    .map((part, at) => at % 2 === 0 && URL_FOLLOWS.test(part) ? `${part} ` : part)
    .join("");
}

/** Before a URL: the end of a label or field. */
const URL_FOLLOWS = /[:=%,;#\d]$/;

/** Arrows from one end to the other, and lists of connections. */
const FLOW = /->|[→⟶]|\S\s[<>]\s\S|\d[<>]\d|^\s*(?:tcp|udp)[46]{0,2}\s/;
/** Numbers behind addresses that are longer than prefixes are, or behind the address of an interface. */
const SLASH_PORTS = [
  /(?:\d{1,3}\.){3}\d{1,3}\/(?:3[3-9]|[4-9]\d|\d{3,5})(?![\w./?-])/,
  /:[0-9a-f]{0,4}\/(?:129|1[3-9]\d|[2-9]\d\d|\d{4,5})(?![\w./?-])/i,
  /\b(?!\w{0,20}(?:ip|net|cidr|range|prefix|route|addr(?:ess)?|list):)[a-z]\w{1,20}:(?:\d{1,3}\.){3}\d{1,3}\/\d/i,
];

function separateNames(text: string, { isFlow }: LineKind): string {
  const named = separateMailFields(text.replace(SQUID, "$1 ").replace(DNS_QUESTION, " "))
    .replace(ADDRESS_BEHIND_NAME, " [")
    .replace(NAME_AND_SERVICE, withoutPort)
    .replace(FILE_NAME, hashOf);
  return isFlow ? named.replace(NAME_AND_PORT, withoutPort) : named;
}

/** The hash by which a file is called. */
function hashOf(name: string): string {
  const hash = readDomain(name) === undefined ? fileNameHash(name) : undefined;
  return hash === undefined ? name : ` ${hash.data} `;
}

/** The name alone, if the whole is not one itself. */
function withoutPort(all: string, name: string): string {
  return readDomain(all) === undefined && readDomain(name) !== undefined ? ` ${name} ` : all;
}

/** Events in IBM's format LEEF 2.0, whose head says what separates their fields. */
function withoutLeef(line: string): string {
  const [head, mark = ""] = /^.{0,200}\bLEEF:2\.0(?:\|[^|]{0,200}){4}\|([^\s\w|])\|/.exec(line) ??
    [];
  return head === undefined ? line : head + line.slice(head.length).replaceAll(mark, " ");
}

/** Tells whether what may be a URL or name is an address with a port: `192.0.2.1/4444`. */
export function isEndpoint(text: string, { subType, data }: Indicator): boolean {
  return /^(?:url|domain)$/.test(subType) && !data.includes("://") &&
    takeLogLineApart(text) !== text;
}
