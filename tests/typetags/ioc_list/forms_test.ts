import { deepEqual, throws } from "../../assert.ts";
import { IOC_LIST_FILTER } from "../../../lib/typetags/ioc_list.ts";

/** What a list becomes, without the hosts of URLs, and what is skipped. */
function read(text: string) {
  const { events, skipped } = IOC_LIST_FILTER.read({ data: text }, { orgid: "org", timestamp: 1 });
  const malicious = events.flatMap(({ sub_type, data, _mal_ref }) => {
    if (sub_type !== "sighting" || _mal_ref?.length !== 1) throw new Error("Not a sighting");
    const [name] = Object.keys(data).filter((name) => name !== "port");
    const [value] = name === "domain" && "url" in data ? data["url"]! : data[name!]!;
    return String(value);
  });
  return { malicious: malicious.sort(), skipped };
}

for (
  const [name, text, expected] of [
    [
      "a report in Markdown: its tables, and no references",
      "# Report\nSee our [blog](https://blog.example.org/).\n\n| Type | Indicator | Notes |\n" +
      "|------|:---:|---|\n| ip | 192.0.2.1 | https://blog.example.org/a |\n" +
      "| url | **hxxp://bad[.]example/a** | a \\| b |\n| url | [http://c.example/](http://c.example/) | |\n" +
      "- `192.0.2.9`\n\n## References\n- https://blog.example.org/b\n- [x](https://blog.example.org/c)\n",
      ["192.0.2.1", "192.0.2.9", "http://bad.example/a", "http://c.example/"],
    ],
    [
      "a table of a wiki",
      "||IOC||Type||Link||\n|192.0.2.1|ip|[post|https://blog.example.org/]|\n|bad.example|domain|x|\n",
      ["192.0.2.1", "bad.example"],
    ],
    [
      "columns that blanks keep apart",
      "Indicator    Type    Reporter\n192.0.2.1    ip      al@example.org\nbad.example  domain  bo@example.org\n",
      ["192.0.2.1", "bad.example"],
    ],
    [
      "lines of every kind of line break",
      "192.0.2.1\u2028bad.example\u2029evil.example\u0085192.0.2.2\v192.0.2.3\f192.0.2.4\r192.0.2.5",
      [
        "192.0.2.1",
        "192.0.2.2",
        "192.0.2.3",
        "192.0.2.4",
        "192.0.2.5",
        "bad.example",
        "evil.example",
      ],
    ],
    [
      "AlienVault's reputation list",
      "192.0.2.1#4#2#Malicious Host#US#New York#40.7,-74.0#3\n192.0.2.2#6#3#C&C;Scan#CN##34.7,113.7#11\n",
      ["192.0.2.1", "192.0.2.2"],
    ],
    [
      "comments that contain separators",
      "192.0.2.1 # Malicious Host US,New York,40.7\n192.0.2.2 # C&C CN,,34.7\n",
      ["192.0.2.1", "192.0.2.2"],
    ],
    [
      "names beside where queries for them are sent",
      "127.0.0.1|bad.example\n127.0.0.1|evil.example\n",
      ["bad.example", "evil.example"],
    ],
    [
      "rules of Snort, without references and what is inside the traffic",
      'alert tcp $HOME_NET any -> [192.0.2.1,192.0.2.2] 443 (msg:"x"; reference:url,docs.example.org/a; sid:1;)\n' +
      'alert dns any any -> any any (content:"shop.example"; reference:md5,' + "a1".repeat(16) +
      ";)\n" +
      "pass ip 192.0.2.9 any -> any any (sid:3;)\n",
      ["192.0.2.1", "192.0.2.2"],
    ],
    [
      "rules of firewalls and web servers, and not what they let in",
      "-A INPUT -s 192.0.2.1/32 -d 198.51.100.1 -j DROP\n-A INPUT -s 198.51.100.2 -j ACCEPT\n" +
      "-A OUTPUT -d 192.0.2.3 -j REJECT\ndeny 192.0.2.4;\nallow 198.51.100.3;\nDeny from 192.0.2.5\n" +
      "Require not ip 192.0.2.6\nadd blocked 192.0.2.7\nadd whitelist 198.51.100.4\n" +
      'add list=bad address=192.0.2.8 comment="https://docs.example.org/"\n' +
      "access-list 10 deny 203.0.113.0 0.0.0.255\nip route 203.0.113.64 255.255.255.192 Null0\n",
      [
        "192.0.2.1",
        "192.0.2.3",
        "192.0.2.4",
        "192.0.2.5",
        "192.0.2.6",
        "192.0.2.7",
        "192.0.2.8",
        "203.0.113.0/24",
        "203.0.113.64/26",
      ],
    ],
    [
      "browser rules that block, and not those that change pages or name patterns",
      "[Adblock Plus 2.0]\n||bad.example^\n||video.example^$removeparam=si\n||a.example^$csp=script-src 'none'\n" +
      "||search.example^$dnsrewrite=safe.example\n||evil.example^$dnsrewrite=NOERROR;A;0.0.0.0\n" +
      "||b.example^$generichide\n||c.example.*^\n.d.example.com/ads/\n||e.example^$permissions=x\n",
      ["bad.example", "evil.example"],
    ],
    [
      "hosts files with stars",
      "0.0.0.0 *.bad.example\n0.0.0.0 evil.example\n",
      ["bad.example", "evil.example"],
    ],
    [
      "names with ports and paths under any ending",
      "c2.bit:80\nc2.lib/gate.php\n192.0.2.1:80\nhttp://bad.bit/x\n",
      ["192.0.2.1", "c2.bit", "c2.lib/gate.php", "http://bad.bit/x"],
    ],
    [
      "a response policy zone without the name for trying it",
      "bad.example CNAME . ; x\ntestentry.rpz.example.org CNAME . ; Test entry for testing\n",
      ["bad.example"],
    ],
    ["networks with stars", "192.0.2.*\n203.0.*.*\n", ["192.0.2.0/24", "203.0.0.0/16"]],
    [
      "addresses in unusual spellings",
      "::ffff:192.0.2.1\n2001:db8::1%eth0\n[2001:db8::2]\n",
      ["192.0.2.1", "2001:db8::1", "2001:db8::2"],
    ],
  ] as const
) {
  Deno.test(`ioc_list reads ${name}`, () => deepEqual(read(text).malicious, expected));
}

Deno.test("ioc_list counts whole reserved networks, and takes addresses in them", () => {
  deepEqual(read("192.0.2.1\n10.0.0.1\n192.168.0.0/16\n0.0.0.0/0\nfe80::1\n::/0\n"), {
    malicious: ["10.0.0.1", "192.0.2.1", "fe80::1"],
    skipped: { "private or reserved network": 3 },
  });
});

Deno.test("ioc_list counts what a sentence refers to as mentioned", () => {
  deepEqual(
    read("The loader calls 192.0.2.1.\nFor more information visit https://docs.example.org/\n"),
    {
      malicious: ["192.0.2.1"],
      skipped: { "mention in other text": 1 },
    },
  );
});

for (
  const text of [
    '<div class="login"><a href="https://login.example.org/">x</a></div>\n',
    "<Error><Code>AccessDenied</Code><HostId>x.example.org</HostId></Error>",
    '<stix:STIX_Package xmlns:stix="http://stix.example.org/"><a>192.0.2.1</a></stix:STIX_Package>',
    "You have exceeded your rate limit. See https://docs.example.org/limits\n",
    "<b>404</b> see https://docs.example.org/",
    "<p>Moved to https://docs.example.org/",
    "<center><h1>502</h1></center> https://docs.example.org/",
    "HTTP/1.1 403 Forbidden\nLocation: https://login.example.org/\n\n",
    "404: Not Found https://docs.example.org/",
    "Error 1020\nAccess denied\nYour IP: 192.0.2.1\nSee https://docs.example.org/\n",
    "Rate limit exceeded, contact support@example.org",
    "Please log in at https://login.example.org/\n",
    "Service temporarily unavailable: see https://status.example.org/\n",
  ]
) {
  Deno.test(`ioc_list refuses what is no list: ${text.slice(0, 30)}`, () => {
    throws(() => read(text), {
      code: "EVENTS_INVALID",
      message: /^The data is (?:a web page|an XML document|a message of a server), not a list/,
    });
  });
}

Deno.test("ioc_list reads a list whose first line sounds like the message of a server", () => {
  deepEqual(read("Unauthorized access attempts from:\n192.0.2.1\n192.0.2.2\n").malicious, [
    "192.0.2.1",
    "192.0.2.2",
  ]);
});

Deno.test("ioc_list takes what a text does not defang among defanged indicators as mentioned", () => {
  const text = "It calls hxxps://c2[.]example[.]com/gate and 203[.]0[.]113[.]9.\n" +
    "We looked with a scanner (www.scanner.example) and found 198.51.100.3.\n";
  deepEqual(read(text).malicious, ["198.51.100.3", "203.0.113.9", "https://c2.example.com/gate"]);
});

for (
  const [line, ...values] of [
    ["callback=a.example/g?b=c&d=e", "a.example/g?b=c&d=e"],
    ["C2: b.example/g?b=c", "b.example/g?b=c"],
    ["hxxp:__c.example/g?b=c", "http://c.example/g?b=c"],
    ["C2=2001:db8:1::5 ip=2001:db8:2::6", "2001:db8:1::5", "2001:db8:2::6"],
  ] as const
) {
  Deno.test(`The filter reads what a label names: ${line}`, () => {
    deepEqual(read(line).malicious, values);
  });
}
