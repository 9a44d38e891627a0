import { readRules } from "./rules.ts";

/** Texts that name hosts and addresses for another purpose than to be looked for. */
type OtherText = {
  /** What such a text is, for messages. */
  readonly what: string;
  /** A line that only such texts have. */
  readonly mark: RegExp;
  /** How at least half of the lines of such a text look. */
  readonly line: RegExp;
  /** Whether its lines look as rules of blockers do. */
  readonly isRead?: true;
};

const SETTING = /^\s*(?:export\s+)?[\w."-]+\s*=|^\s*\[{1,2}[^\]]+\]{1,2}\s*$|^\s+\S|=/;
const YAML = /^\s*(?:-\s|-$|["'$/]?[\w.$/{}"' -]+:(?:\s|$)|---$|#)/;
const PROSE = /\p{L}{2,},?\s+\p{L}{2,}/u;

const OTHER_TEXTS: readonly OtherText[] = [
  {
    what: "a robots.txt",
    mark: /^\s*(?:user-agent|disallow|crawl-delay)\s*:/i,
    line:
      /^\s*(?:user-agent|(?:dis)?allow|crawl-delay|sitemap|host|clean-param|request-rate|noindex)\s*:/i,
  },
  {
    what: "a security.txt",
    mark: /^contact:\s*(?:mailto:|https?:|tel:)/i,
    line:
      /^(?:contact|expires|encryption|acknowledge?ments|preferred-languages|canonical|policy|hiring|csaf)\s*:/i,
  },
  {
    what: "an ads.txt",
    mark: /^[\w.-]+\s*,\s*[^,]+,\s*(?:DIRECT|RESELLER)\b/i,
    line: /,\s*(?:DIRECT|RESELLER)\b|^(?:contact|subdomain|ownerdomain|managerdomain)=/i,
  },
  {
    what: "YAML that describes services",
    mark:
      /^\s*(?:- )?["']?(?:openapi|swagger|asyncapi|apiVersion|scrape_configs|AWSTemplateFormatVersion|ansible_host|ethernets|runs-on|container_name|replicaCount|(?:filebeat|output)\.\w+)["']?\s*:|^(?:services|stages):\s*$|^- hosts:|^#cloud-config/,
    line: YAML,
  },
  {
    what: "the configuration of a web server or proxy",
    mark:
      /^\s*(?:server_name|listen|proxy_pass|upstream|worker_processes|worker_connections|ssl_certificate\w*)\s[^;{]*[;{]|^\s*(?:ServerName|ServerAlias|DocumentRoot|ProxyPass|reverse_proxy)\s|^\s*elasticsearch\s*\{/,
    line: /[;{}]\s*(?:#.*)?$|^\s*(?:<\/?[A-Z]\w+.*>\s*$|[A-Z]\w+\s+\S)/,
  },
  {
    what: "the configuration of a load balancer",
    mark: /^\s+server\s+\S+\s+\S+:\d+(?:\s|$)|^\s+default_backend\s/,
    line: /^(?:frontend|backend|listen|defaults|global)\b|^\s+[a-z][\w-]*(?:\s|$)/,
  },
  {
    what: "the settings of a program",
    mark: new RegExp(
      [
        String
          .raw`^\s*(?:export\s+)?(?:APP|DB|DATABASE|REDIS|MAIL|SMTP|AWS|SECRET|NODE|DJANGO|POSTGRES|MYSQL|MONGO|SENTRY|RABBITMQ|KAFKA|STRIPE|NEXT_PUBLIC|VITE|REACT_APP)_\w+\s?=`,
        String
          .raw`^\s*(?:myhostname|mydestination|relayhost|mynetworks|default_realm|sendmail_from)\s*=|^export\s+\w+=`,
        String
          .raw`^\s*\[{1,2}(?:core|remote "|branch "|submodule "|Unit|Service|Install|Interface|Peer|project|package|tool\.|dependencies|build-system|mysqld)`,
        String.raw`\bansible_(?:host|user)=`,
      ].join("|"),
    ),
    line: SETTING,
  },
  {
    what: "code of Terraform",
    mark: /^(?:resource|provider|module|variable|output|data|terraform|locals)\b[^={]*\{/,
    line: /[{}[\],]\s*$|^\s*[\w"-]+\s*=/,
  },
  {
    what: "a list of keys of SSH",
    mark: /(?:^|[\s"])(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+) AAAA/,
    line: /\sAAAA/,
  },
  {
    what: "the configuration of SSH",
    mark: /^\s*(?:HostName|ProxyJump|ProxyCommand|IdentityFile)\s+\S/,
    line: /^\s*[A-Z][A-Za-z]+\s+\S/,
  },
  {
    what: "the network settings of a machine",
    mark: new RegExp(
      [
        String.raw`^nameserver\s+[\d.:a-f]+\s*$|^iface\s+\S+\s+inet|^driftfile\s`,
        String.raw`^(?:server|pool)\s+\S+\s+iburst\b|^dev\s+(?:tun|tap)`,
        String.raw`^\d+: \w[\w@.-]*: <[A-Z]|^\w+: flags=\d+<|^\s*IPv4 Address(?:\. )+`,
        String.raw`^default via \S+ dev |^\s+option routers\s|^interface \S+\d/\d|^ ip address \d`,
        String.raw`^\S+ \(\S+\) at [0-9a-f:]{17}\b|\slladdr\s[0-9a-f:]{17}\b`,
      ].join("|"),
    ),
    line:
      /^\s+\S|^(?:nameserver|search|domain|options|sortlist|auto|iface|allow-hotplug|server|pool|driftfile|restrict|makestep|rtcsync|keyfile|logdir|client|dev|proto|remote|resolv-retry|nobind|persist-\w+|cipher|auth|verb|ca|cert|key|default|subnet|host|hostname|interface|ip|ntp|logging|router)\b|^[!}]|^\d+: |^\w+: flags|^<|^-----|\sdev\s|\sat\s[0-9a-f:]{17}/,
  },
  {
    what: "a list of connections",
    mark:
      /^Active (?:Internet )?connections\b|^Netid\s+State\b|^\s*Proto\s+(?:Recv-Q|Local Address)|\d\s+<->\s+\d/i,
    line: /^\s*(?:tcp|udp|raw|unix|u_str|proto|active|netid)|<->/i,
  },
  {
    what: "the way to a host",
    mark: /^traceroute to\s|^Tracing route to\s/,
    line: /^\s*\d{1,2}\s|^trac/i,
  },
  {
    what: "the report of a scan",
    mark:
      /^Nmap scan report for\s|^Host: \S+ \([^)]*\)\s+(?:Status|Ports):|^Discovered open port \d|^- Nikto v|^Plugin: \d+\s|^\[[\w:.-]+\] \[(?:ssl|http|dns|tcp|network)\] \[(?:info|low|medium|high|critical)\]/,
    line:
      /^(?:#|[-+] |\[|Discovered |Plugin|Severity|See |Starting |Nmap|Hosts?\b|PORT|Not shown|MAC |Service|\||\d+\/(?:tcp|udp)\s)/,
  },
  {
    what: "a list of packages that a program needs",
    mark: new RegExp(
      [
        String
          .raw`^--(?:extra-)?index-url\s|^[\w.-]+(?:\[[\w,-]+\])?==\d|^module\s+[\w.-]+\.\w+/\S+$|^gem '|^GEM\s*$`,
        String
          .raw`\sv\d\S*\s+h1:|^\s+resolved\s+"?https?:|^deb(?:-src)?\s+(?:\[[^\]]*\]\s+)?https?:`,
      ].join("|"),
    ),
    line:
      /^[\w.-]+(?:\[[\w,-]+\])?\s*[=><~!]=|^\s*--|^(?:git|hg)\+|^-[re]\s|^(?:module|go|toolchain|require|replace|exclude)\b|\sv\d+\.\d|^[()]|^\s+\S|^\S*@\S*:$|^deb|^(?:gem|source) '|^[A-Z]+\s*$/,
  },
  { what: "a list of leases", mark: /^\d{10} [0-9a-f:]{17} /, line: /^\d{10} [0-9a-f:]{17} / },
  {
    what: "the records of a zone",
    mark: /^\S*\s+(?:\d+\s+)?(?:IN\s+)?MX\s+\d+\s/,
    line: /\s(?:A|AAAA|NS|MX|CNAME|TXT|SOA|SRV|PTR|CAA)\s/,
    isRead: true,
  },
  {
    what: "the recipe of a container",
    mark: /^FROM\s+\S+(?:\s+AS\s+\S+)?\s*$/,
    line:
      /^(?:FROM|RUN|LABEL|ENV|EXPOSE|COPY|ADD|CMD|ENTRYPOINT|WORKDIR|USER|ARG|VOLUME|HEALTHCHECK|SHELL|MAINTAINER)\s|^\s/,
  },
  {
    what: "a description of packages",
    mark:
      /^(?:Suite|Codename|SPDXVersion|PackageDownloadLocation|Installed-Size): |^Filename: pool\//,
    line: /^[A-Z][\w-]+:|^\s/,
  },
  {
    what: "the aliases of a mail server",
    mark: /^(?:postmaster|mailer-daemon|root):\s/,
    line: /^[\w.-]+:\s*\S+\s*$/,
  },
  { what: "a certificate", mark: /^\s*X509v3 /, line: /^\s/ },
  {
    what: "a change to files",
    mark: /^diff --git |^@@ -\d+,\d+ \+/,
    line: /^[-+ @]|^(?:diff|index|new file|deleted file) /,
  },
  {
    what: "a card or calendar",
    mark: /^BEGIN:V(?:CARD|CALENDAR)\s*$/,
    line: /^[A-Z][A-Z-]*[;:]|^\s/,
  },
  { what: "a DNS record about mail", mark: /^"?v=(?:spf1|DMARC1|DKIM1)\b/i, line: /\bv=/i },
  {
    what: "a script that chooses a proxy",
    mark: /\bfunction\s+FindProxyForURL\b/,
    line: /[(){};]/,
  },
  {
    what: "a list of those who answer for files",
    mark: /^\S+(?:\s+@[\w-]+\/[\w-]+)+\s*$/,
    line: /^\S+\s+(?:\S*@\S+\s*)+$/,
  },
  {
    what: "a license",
    mark:
      /^\s*(?:Permission is hereby granted, free of charge|Redistribution and use in source and binary forms|Everyone is permitted to copy and distribute|TERMS AND CONDITIONS FOR USE, REPRODUCTION)/i,
    line: PROSE,
  },
  { what: "a log of changes", mark: /^##\s+\[(?:v?\d+\.\d|unreleased)/i, line: /^#|^\s*[-*[]|^\s/ },
];

/** Headings of what tells how to use a program, and those of reports about attackers. */
const MANUAL_HEADING =
  /^#{1,4}\s+(?:install(?:ation|ing)?|usage|getting started|quick ?start|contributing|build(?:ing)?|requirements|prerequisites|configuration)\s*$/i;
const REPORT_HEADING =
  /^#{1,6}\s.*\b(?:iocs?|indicators?|c2|malicious|hash(?:es)?|domains?|ips?|urls?|malware|campaign)\b/i;

/** Lines of a text that are looked at. */
const SAMPLE = 1000;

/**
 * Says what a text is that is not a list, from its lines without the blank ones; comments of lists are
 * among them. Undefined for lists, for rules that block something, and for unknown texts.
 */
export function otherText(given: readonly string[]): string | undefined {
  const lines = given.slice(0, SAMPLE);
  const kind = OTHER_TEXTS.find(({ mark, line }) =>
    lines.some((text) => mark.test(text)) && most(lines, line)
  );
  if (kind === undefined) return proseKind(lines);
  if (kind.isRead) return kind.what;
  // Only what rules block is read.
  return (readRules(lines)?.indicators.length ?? 0) === 0 ? kind.what : undefined;
}

function most(lines: readonly string[], pattern: RegExp): boolean {
  return lines.filter((line) => pattern.test(line)).length * 2 >= lines.length;
}

/** The title of a license, in one of the first lines. */
const LICENSE =
  /^\s*(?:mozilla public licen[cs]e|creative commons|gnu (?:lesser |affero )?general public|apache licen[cs]e|(?:the )?mit licen[cs]e|bsd \d-clause)/i;

function proseKind(lines: readonly string[]): string | undefined {
  const isLicense = lines.slice(0, 3).some((line) => LICENSE.test(line)) && most(lines, PROSE);
  if (isLicense) return "a license";
  return isManual(lines) ? "the manual of a program" : undefined;
}

function isManual(lines: readonly string[]): boolean {
  return lines.filter((line) => MANUAL_HEADING.test(line)).length > 1 &&
    !lines.some((line) => REPORT_HEADING.test(line)) &&
    most(lines.filter((line) => !line.startsWith("#")), /\S\s+\S/);
}
