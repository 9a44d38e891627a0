import { deepEqual } from "../../assert.ts";
import { IOC_LIST_FILTER } from "../../../lib/typetags/ioc_list.ts";
import { malicious } from "./malicious.ts";

const MD5 = "b2".repeat(16);
const IMPHASH = "c3".repeat(16);
const SHA256 = "a1".repeat(32);
const REFERENCE = "https://ref.example.org/1";

for (
  const [name, text, expected] of [
    [
      "kinds of indicators, each below its name",
      `MD5\n${MD5}\n\nSHA256\n${SHA256}\n\nURL\nhttp://a.example.com/x\n\nDomains\nevil.bazar`,
      [SHA256, MD5, "evil.bazar", "http://a.example.com/x"],
    ],
    ["references before the indicators", `References\n${REFERENCE}\n\nIOCs\n192.0.2.1`, [
      "192.0.2.1",
    ]],
    ["references behind the indicators", `IOCs\n192.0.2.1\n\nReferences:\n${REFERENCE}`, [
      "192.0.2.1",
    ]],
    ["targets beside indicators", "Targets\nbank.example.com\n\nDomains:\nevil.example.com", [
      "evil.example.com",
    ]],
    [
      "sentences below a heading",
      "IOCs\nThe malware downloaded from hxxp://bad[.]example[.]com/x.",
      [
        "http://bad.example.com/x",
      ],
    ],
    [
      "labels below a heading",
      `IOCs\nReference: ${REFERENCE}\nC2: 192.0.2.1`,
      ["192.0.2.1"],
    ],
    ...["whitelist", '"allowlist"', "Trusted domains", "excluded", "legit_domains"].map((name) =>
      [`no column ${name}`, `${name}\ngood.example.com\n192.0.2.1`, []] as const
    ),
    [
      "what stands before and behind what is allowed",
      "Malicious\n=====\nevil.example.com\n\nWhitelist\n=====\n192.0.2.9\n\nBlocked IPs\n=====\n192.0.2.1",
      ["192.0.2.1", "evil.example.com"],
    ],
    ["one column with a name", "IOCs\n192.0.2.1\nevil.example.com", [
      "192.0.2.1",
      "evil.example.com",
    ]],
    ["a source on the first line", "Source\n192.0.2.1 and bad.example.com", [
      "192.0.2.1",
      "bad.example.com",
    ]],
  ] as const
) {
  Deno.test(`IOC_LIST_FILTER reads ${name}`, () => deepEqual(malicious(text), expected));
}

for (
  const [name, text, expected] of [
    ["the heading", `Imphash\n${IMPHASH}\n\nMD5\n${MD5}`, [`imphash ${IMPHASH}`, `md5 ${MD5}`]],
    ["a heading with a colon", `imphash:\n${IMPHASH}`, [`imphash ${IMPHASH}`]],
    ["a heading of Markdown", `## Imphash\n${IMPHASH}\n## MD5\n${MD5}`, [
      `imphash ${IMPHASH}`,
      `md5 ${MD5}`,
    ]],
    ["a heading of no file hash", `JA3:\n${IMPHASH}\n\nMD5:\n${MD5}`, [`md5 ${MD5}`]],
  ] as const
) {
  Deno.test(`IOC_LIST_FILTER reads hashes of the kind that ${name} says`, () => {
    const { instances } = IOC_LIST_FILTER.read({ data: text }, { orgid: "org", timestamp: 1 });
    const found = instances.flatMap((each) =>
      each.itype === "attribute" ? [`${each.sub_type} ${each.data}`] : []
    );
    deepEqual(found.sort(), expected);
  });
}

for (const tail of [";b=1;c=2", ",host", ";md5;x", ",ip,x", ",url", "|ip|x", ";ip=1"]) {
  Deno.test(`IOC_LIST_FILTER takes no line with a URL and ${tail} for a header`, () => {
    const urls = [1, 2, 3].map((number) => `http://a.example.com/${number}${tail}`);
    const found = malicious(urls.join("\n"));
    deepEqual(
      found,
      tail.startsWith("|") ? [1, 2, 3].map((n) => `http://a.example.com/${n}`) : urls,
    );
  });
}
