import { deepEqual } from "../../assert.ts";
import { malicious } from "./malicious.ts";

const SHA256 = "a1".repeat(32);

for (
  const [name, text, expected] of [
    [
      "no pages of services that examine files, defanged or not",
      "Domain: evil.example\nSandbox: https://sandbox.example.org/abc\nAny.Run: hxxps://run[.]example[.]org/1\n" +
      `**VirusTotal link**: https://vt.example.org/file\n- Triage report: https://t.example.org/\nSandbox run: ${SHA256}\n`,
      [SHA256, "evil.example"],
    ],
    [
      "nothing of those who are targeted, imitated or harmed",
      "Targeted: outlook.example.com\nTargeted brand: bank.example.com\nVictim: 192.0.2.9\nVictims: a[.]example, 192.0.2.10\n" +
      "Impersonates: shop[.]example\nSpoofed domain: mail.example.org\nC2: 192.0.2.1\n",
      ["192.0.2.1"],
    ],
    [
      "no machines of those who defend",
      "Sinkhole: 192.0.2.250\nSinkhole IP: 192.0.2.251\n* Sinkholed by: 192.0.2[.]252\nPublic resolver: 192.0.2.53\nC2: 192.0.2.1\n",
      ["192.0.2.1"],
    ],
    [
      "nothing that a label calls harmless",
      `Legitimate tool: https://tools.example.org/x ${SHA256}\nBenign: 192.0.2.2\nC2: evil.example\n`,
      ["evil.example"],
    ],
    [
      "labels before a dash, an arrow or a remark",
      "Sandbox - https://sandbox.example.org/1\nVictim – 192.0.2.5\nSinkhole (of a firm): 192.0.2.6\nTargets -> a.example\n" +
      "Payload - http://evil.example/x\n",
      ["http://evil.example/x"],
    ],
    [
      "nothing of one's own, of what is real, and where pages redirect",
      "Our honeypot: 192.0.2.7\nSensor IP: 192.0.2.8\nReal website: https://bank.example/\nRedirects to: https://search.example/\n" +
      "Target domain: bank.example\nImpersonation of: shop.example\nReported by: joe@lab.example\nOur IOCs: 192.0.2.1\n",
      ["192.0.2.1"],
    ],
    [
      "no addresses of sinkholes in sentences",
      "evil.example at 192.0.2.1 was sinkholed to 192.0.2.250.\n",
      ["192.0.2.1", "evil.example"],
    ],
    [
      "no sites of analysis in sentences, and no names of their own",
      "We looked at evil.example with ANY.RUN at hxxps://app[.]any[.]run/tasks/1 and on www.virustotal.com too.\n" +
      "Its domain is evil[.]example\n",
      ["evil.example"],
    ],
    ["a page of such a site alone", "https://app.any.run/tasks/1\n", [
      "https://app.any.run/tasks/1",
    ]],
    [
      "no name servers with their addresses",
      "domain: EVIL.EXAMPLE\nnserver: ns1.hoster.example 192.0.2.53\n",
      ["evil.example"],
    ],
    [
      "nothing below headings of abused software and sinkholed machines",
      "Legitimate software abused:\nwww.tools.example\n\n## Sinkholed\n192.0.2.77\n\n## Victimology\nThey were at 192.0.2.78.\n\n## IOCs\n192.0.2.1\n",
      ["192.0.2.1"],
    ],
    [
      "tables below headings of indicators only",
      "## Legitimate tools\n\n| Tool | URL |\n|---|---|\n| x | https://tools.example/ |\n\n## References\n\n| Title | Link |\n|---|---|\n| y | https://blog.example/ |\n\n" +
      "## IOCs\n\n| Type | Indicator |\n|---|---|\n| domain | evil.example |\n",
      ["evil.example"],
    ],
    [
      "no machines of victims and honeypots in sentences",
      "Traffic from victim 192.0.2.4 went to 192.0.2.1.\nOur honeypot (192.0.2.5) saw 192.0.2.2 twice.\n",
      ["192.0.2.1", "192.0.2.2"],
    ],
    [
      "labels of one word",
      "sinkhole_ip: 192.0.2.250\ntarget-domain: bank.example\nregistrarUrl: http://www.registrar.example\nc2_ip: 192.0.2.1\nsource_ip: 192.0.2.2\n",
      ["192.0.2.1", "192.0.2.2"],
    ],
    [
      "rows of a table by the kinds that they name",
      "type,value\nc2,192.0.2.1\nsinkhole,192.0.2.250\nsandbox,https://sandbox.example.org/1\nvictim,192.0.2.9\n",
      ["192.0.2.1"],
    ],
    [
      "domains that were taken over",
      "Sinkholed domains: evil.example\nSpoofing domain: bank.example\n",
      [
        "bank.example",
        "evil.example",
      ],
    ],
    [
      "what is asked about in answers of whois",
      "Domain Name: EVIL.EXAMPLE\nRegistrar WHOIS Server: whois.registrar.example\nRegistrar URL: http://www.registrar.example\n" +
      "Registrar: Registrar, Inc.\nRegistrar Abuse Contact Email: abuse@registrar.example\nRegistrant Email: https://form.registrar.example/\n" +
      "Admin Email: joe@registrar.example\nName Server: ns1.hoster.example\nnserver: ns2.hoster.example\nDomain Status: ok https://icann.example.org/epp#ok\n" +
      "URL of the ICANN Whois Inaccuracy Complaint Form: https://icann.example.org/wicf/\n",
      ["evil.example"],
    ],
    ["panels of attackers", "Admin Panel: http://evil.example/admin\n", [
      "http://evil.example/admin",
    ]],
    [
      "nothing below a heading of harmless tools",
      "Indicators:\nevil[.]example\n192.0.2.9\n\nLegitimate tools used:\nhttps://code.example.org/tool\nwww.tools.example\n" +
      "\nBenign software seen by the analysts:\nsoft.example.org\n\nC2 servers:\n192.0.2.10\n",
      ["192.0.2.10", "192.0.2.9", "evil.example"],
    ],
    [
      "nothing below headings of victims and sinkholes, no names of tools",
      `Victims:\n192.0.2.20\nshop.example\n\nSinkholes:\n192.0.2.250\n\nTools used by the actor:\ntools.example.org\n${SHA256}\n\nIOCs:\n192.0.2.1\n`,
      ["192.0.2.1", SHA256],
    ],
    ["tools of attackers", "Malicious tools:\nhttp://evil.example/t.exe\n", [
      "http://evil.example/t.exe",
    ]],
    [
      "no resolvers that anybody may ask",
      "The actor used evil.example, hosted at 192.0.2.44.\nVictims resolved the domain via 8.8.8.8 and 1.1.1.1.\n" +
      "Beacons went to 192.0.2.45 (looked up at 2001:4860:4860::8888).\n",
      ["192.0.2.44", "192.0.2.45", "evil.example"],
    ],
    ["what a list names by itself", "8.8.8.8\n192.0.2.1\n", ["192.0.2.1", "8.8.8.8"]],
  ] as const
) {
  Deno.test(`ioc_list reads ${name}`, () => deepEqual(malicious(text), [...expected].sort()));
}
