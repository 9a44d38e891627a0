import { equal, match } from "../../assert.ts";
import { Rejected } from "../../../lib/errors.ts";
import { parseJson } from "../../../lib/tahoe/json.ts";
import { readList } from "../../../lib/typetags/ioc_list/read_list.ts";
import { IOC_LIST_FILTER } from "../../../lib/typetags/ioc_list.ts";
import { malicious } from "./malicious.ts";

const HASH = "a1".repeat(32);
const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIabc";

/** Texts that name hosts and addresses, none of which is to be looked for, and what they are. */
const OTHER_KINDS: readonly (readonly [what: string, text: string])[] = [
  [
    "a robots.txt",
    "User-agent: *\nDisallow: /a/\nAllow: /b/\nCrawl-delay: 9\nSitemap: https://www.example.org/map.xml\nHost: www.example.org\n",
  ],
  [
    "a security.txt",
    "Contact: mailto:a@example.org\nExpires: 2027-01-01T00:00:00Z\nPolicy: https://example.org/policy\n",
  ],
  [
    "an ads.txt",
    "ads.example, pub-1, DIRECT, f08c\nb.example, 2, RESELLER\ncontact=a@example.org\n",
  ],
  [
    "YAML that describes services",
    "openapi: 3.0.3\ninfo:\n  title: A\n  contact:\n    email: a@example.org\nservers:\n  - url: https://api.example.org/v1\n",
  ],
  [
    "YAML that describes services",
    "apiVersion: v1\nkind: Service\nspec:\n  loadBalancerIP: 192.0.2.20\n  externalIPs:\n  - 192.0.2.10\n",
  ],
  [
    "YAML that describes services",
    "services:\n  web:\n    image: registry.example.org/web:1.0\n    environment:\n      - DB=db.example.org\n    dns: 192.0.2.53\n",
  ],
  [
    "YAML that describes services",
    "all:\n  hosts:\n    web.example.org:\n      ansible_host: 192.0.2.10\n    db.example.org:\n",
  ],
  [
    "the configuration of a web server or proxy",
    "http {\n  upstream app {\n    server 192.0.2.10:8080;\n  }\n  server {\n    listen 80;\n    server_name www.example.org example.org;\n    return 301 https://www.example.org$request_uri;\n    allow 198.51.100.0/24;\n  }\n}\n",
  ],
  [
    "the configuration of a web server or proxy",
    "ServerName www.example.org\nServerAdmin a@example.org\nDocumentRoot /var/www\nProxyPass / http://192.0.2.10:8080/\n",
  ],
  [
    "the configuration of a load balancer",
    "frontend www\n  bind 198.51.100.10:443\n  default_backend app\nbackend app\n  server a 192.0.2.10:8080 check\n",
  ],
  [
    "the settings of a program",
    "APP_URL=https://app.example.org\nDB_HOST=192.0.2.11\nMAIL_FROM=a@example.org\n",
  ],
  [
    "the settings of a program",
    "myhostname = mail.example.org\nrelayhost = [smtp.example.net]:587\n",
  ],
  [
    "the settings of a program",
    '[remote "origin"]\n\turl = https://git.example.org/a.git\n[user]\n\temail = a@example.org\n',
  ],
  [
    "the settings of a program",
    "[Peer]\nEndpoint = vpn.example.org:51820\nAllowedIPs = 198.51.100.0/24\n",
  ],
  ["the settings of a program", "[web]\nweb.example.org ansible_host=192.0.2.10\n"],
  [
    "the settings of a program",
    `[[package]]\nname = "a"\nsource = "registry+https://git.example.org/i"\nchecksum = "${HASH}"\n`,
  ],
  [
    "code of Terraform",
    'resource "dns" "www" {\n  name    = "www.example.org"\n  records = ["192.0.2.10"]\n}\n',
  ],
  [
    "a list of keys of SSH",
    `web.example.org,192.0.2.10 ssh-ed25519 ${KEY}\n192.0.2.11 ssh-rsa ${KEY}\n`,
  ],
  [
    "the configuration of SSH",
    "Host web\n  HostName 192.0.2.10\n  ProxyJump bastion.example.org\n",
  ],
  ["the network settings of a machine", "search corp.example\nnameserver 192.0.2.53\n"],
  [
    "the network settings of a machine",
    "iface eth0 inet static\n  address 192.0.2.10\n  gateway 192.0.2.1\n",
  ],
  [
    "the network settings of a machine",
    "2: eth0: <BROADCAST,UP> mtu 1500\n    inet 198.51.100.10/24 brd 198.51.100.255 scope global eth0\n",
  ],
  [
    "the network settings of a machine",
    "default via 198.51.100.1 dev eth0\n198.51.100.0/24 dev eth0 scope link\n",
  ],
  [
    "a list of connections",
    "Active Internet connections (servers and established)\nProto Recv-Q Send-Q Local Address Foreign Address State\n" +
    "tcp 0 0 198.51.100.10:22 203.0.113.5:51514 ESTABLISHED\n",
  ],
  [
    "the way to a host",
    "traceroute to www.example.org (192.0.2.10), 30 hops max\n 1  gw.example.net (198.51.100.1)  1 ms\n",
  ],
  [
    "the report of a scan",
    "Nmap scan report for web.example.org (192.0.2.10)\nHost is up.\n22/tcp open ssh\nNmap scan report for 192.0.2.11\n",
  ],
  [
    "a list of packages that a program needs",
    `--index-url https://pypi.example.org/simple\na==1.0 --hash=sha256:${HASH}\n`,
  ],
  [
    "a list of packages that a program needs",
    "module git.example.org/a/b\nrequire (\n\tgit.example.org/c/d v1.2.3\n)\n",
  ],
  [
    "a list of packages that a program needs",
    'a@^1.0.0:\n  version "1.0.0"\n  resolved "https://registry.example.org/a-1.0.0.tgz#' +
    "c3".repeat(20) + '"\n',
  ],
  ["a list of packages that a program needs", "deb http://deb.example.org/debian stable main\n"],
  [
    "the recipe of a container",
    "FROM registry.example.org/a:1\nRUN curl https://get.example.org/a.sh | sh\nENV P=http://192.0.2.3/\n",
  ],
  ["a description of packages", `Suite: stable\nSHA256:\n ${HASH}   12 main/Packages\n`],
  ["the aliases of a mail server", "postmaster: root\nroot: a@example.org\n"],
  [
    "a certificate",
    "Certificate:\n    Subject: CN=www.example.org\n    X509v3 Subject Alternative Name:\n        DNS:www.example.org\n",
  ],
  [
    "a change to files",
    "diff --git a/x b/x\n@@ -1,2 +1,2 @@\n-http://a.example.org/\n+http://b.example.org/\n",
  ],
  ["a card or calendar", "BEGIN:VCARD\nFN:Jane\nEMAIL:a@example.org\nEND:VCARD\n"],
  ["a DNS record about mail", "v=spf1 ip4:192.0.2.0/24 include:_spf.example.net -all\n"],
  [
    "a script that chooses a proxy",
    'function FindProxyForURL(url, host) {\n  if (dnsDomainIs(host, "a.example.org")) return "DIRECT";\n  return "PROXY b.example.org:80";\n}\n',
  ],
  ["a list of those who answer for files", "* @org/team\n/docs a@example.org\n"],
  [
    "a license",
    "Copyright 2026 the authors\nPermission is hereby granted, free of charge, to any person\nsee http://license.example.org/mit\n",
  ],
  [
    "a log of changes",
    "# Changelog\n## [1.2.0] - 2026-01-01\n- Thanks to <a@example.org>\n[1.2.0]: https://git.example.org/a/1\n",
  ],
  [
    "the manual of a program",
    "# Thing\nA tool. See https://thing.example.org for more.\n## Install\ncurl -fsSL https://get.example.org/a.sh | sh\n## Usage\nOpen http://192.0.2.10:8080/ in a browser.\n",
  ],
  [
    "the hosts file of a machine",
    "127.0.0.1 localhost\n127.0.1.1 pc.corp.example pc\n192.0.2.10 web.corp.example web\n192.0.2.11 db.corp.example\n::1 ip6-localhost\nff02::1 ip6-allnodes\n",
  ],
  [
    "an inventory of machines",
    "host,ip,owner\nweb01,192.0.2.10,alice\nmail.example.org,192.0.2.12,carol\n",
  ],
  [
    "an inventory of machines",
    "Asset ID;Hostname;IP Address;MAC Address\n1;pc.corp.example;198.51.100.4;00:00:5e:00:53:01\n",
  ],
  [
    "an inventory of machines",
    "InstanceId,InstanceType,PublicIpAddress\ni-1,small,198.51.100.20\ni-2,small,198.51.100.21\n",
  ],
  [
    "an inventory of machines",
    "Asset ID,Hostname,IP Address,MAC,OS,Last Seen\nA-1,pc.corp.example,192.0.2.4,00-00-5e-00-53-01,Ubuntu,2026-11-01\n",
  ],
  ["an inventory of machines", "Subnet,VLAN,Gateway\n192.0.2.0/25,10,192.0.2.1\n"],
  [
    "an inventory of machines",
    '[{"hostname": "web.example.org", "ip": "192.0.2.10", "owner": "a"}]',
  ],
  ["a list of leases", "IP,Hostname,Lease Start\n192.0.2.10,laptop,2026-01-01\n"],
  [
    "the findings of a vulnerability scan",
    "Plugin ID,CVE,Risk,Host\n1,CVE-2003-1567,Medium,192.0.2.10\n",
  ],
  [
    "the findings of a vulnerability scan",
    "IP,Hostname,CVSS,NVT Name,CVEs\n192.0.2.10,a.example.org,5.0,x,CVE-2016-2183\n",
  ],
  ["a list of people", "First Name,Last Name,Email\nJane,Doe,a@example.org\n"],
  [
    "a list of certificates",
    `Common Name,Not After,SHA1\nwww.example.org,2027-01-01,${"ab".repeat(20)}\n`,
  ],
  ["a list of DNS records", "Name,Type,TTL,Value\nwww.example.org,A,3600,192.0.2.10\n"],
  ["the history of a browser", "url,title,visit_count\nhttps://docs.example.org/,Docs,5\n"],
  [
    "the manifest of a program",
    '{"name": "a", "version": "1", "repository": {"url": "https://git.example.org/a"}, "bugs": {"url": "https://git.example.org/b"}}',
  ],
  ["the description of an API", '{"swagger": "2.0", "info": {}, "host": "api.example.org"}'],
];

for (const [what, text] of OTHER_KINDS) {
  Deno.test(`ioc_list refuses ${what}: ${text.slice(0, 20).trim()}`, () => {
    const list = readList(/^(?:\[\{|\{")/.test(text) ? parseJson(text) : { data: text });
    equal(list?.otherKind, what);
  });
}

Deno.test("ioc_list says what a text is that is no list, and what to do", () => {
  try {
    IOC_LIST_FILTER.read({ data: "User-agent: *\nDisallow: /\n" }, { orgid: "o", timestamp: 1 });
    throw new Error("It was read");
  } catch (error) {
    match(
      error instanceof Rejected ? error.message : String(error),
      /^The data is a robots.txt, .*one on each line$/,
    );
  }
});

/** Lists that have something of other texts, and how many indicators they list. */
const LISTS: readonly (readonly [name: string, text: string, indicators: number])[] = [
  [
    "addresses below a title of changes",
    "# Changelog\n# 2026-01-01: added two\n192.0.2.1\n192.0.2.2\n",
    2,
  ],
  ["names below a manual in comments", "# Usage\n# Requirements\na.example\nb.example\n", 2],
  [
    "what nginx denies",
    "server {\n  listen 80;\n  deny 192.0.2.1;\n  deny 192.0.2.2;\n  deny 192.0.2.3;\n  deny all;\n}\n",
    3,
  ],
  ["what a script blocks", "#!/bin/sh\niptables -A INPUT -s 192.0.2.1 -j DROP\n", 1],
  ["a blackholed network", "ip route 192.0.2.0 255.255.255.0 Null0\n", 1],
  ["addresses below what a license says", "# MIT License\n192.0.2.1\n192.0.2.2\n", 2],
  ["what a dropper fetches", "#!/bin/sh\ncd /tmp\ncurl http://192.0.2.1/a\n", 1],
  ["networks in YAML", "networks:\n  - 192.0.2.0/24\n  - 198.51.100.0/24\n", 2],
  ["addresses under their kinds", "IPv4 Address: 192.0.2.1\nIPv4 Address: 192.0.2.2\n", 2],
  [
    "a hosts file of blocked names",
    "127.0.0.1 localhost\n::1 localhost\n0.0.0.0 a.example\n0.0.0.0 b.example\n",
    2,
  ],
  [
    "a hosts file with a sinkhole",
    "127.0.0.1 localhost\n198.51.100.1 a.example\n198.51.100.1 b.example\n198.51.100.1 c.example\n",
    3,
  ],
  ["servers and who holds them", "ip,port,country,asn,owner\n192.0.2.1,443,DE,64500,Hoster\n", 1],
  ["servers with their malware", "host,ip,owner,malware\nevil.example,192.0.2.1,x,y\n", 2],
  ["servers with their certificates", "ip,port,issuer,serial,malware\n192.0.2.1,443,CN=a,1,x\n", 1],
  ["names that were valid, and last seen", "name,valid_from,last_seen\nevil.example,1,2\n", 1],
  ["vulnerabilities that are exploited", "cve,cvss,first_seen\nCVE-2021-1234,9.8,2026-01-01\n", 1],
  [
    "a report with a table of what was attacked",
    "## Victims\nnone\n\n## Indicators\n\n| IP | Malware |\n|---|---|\n| 192.0.2.1 | x |\n\n## Machines\n\n| Hostname | IP | Owner |\n|---|---|---|\n| web01 | 198.51.100.1 | alice |\n",
    1,
  ],
];

for (const [name, text, indicators] of LISTS) {
  Deno.test(`ioc_list reads ${name}`, () => equal(malicious(text).length, indicators));
}
