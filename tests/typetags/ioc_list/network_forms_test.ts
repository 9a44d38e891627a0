import { deepEqual } from "../../assert.ts";
import { IOC_LIST_FILTER } from "../../../lib/typetags/ioc_list.ts";

/** The attributes that become malicious by a line: `"ipv4 192.0.2.1"`. */
function malicious(text: string): readonly string[] {
  const source = { orgid: "org", timestamp: 1 };
  const { events, instances } = IOC_LIST_FILTER.read({ data: text }, source);
  const hashes = new Set(events.flatMap(({ _mal_ref }) => _mal_ref ?? []));
  return instances.flatMap((each) =>
    each.itype === "attribute" && hashes.has(each._hash) ? [`${each.sub_type} ${each.data}`] : []
  );
}

for (
  const [text, expected] of [
    ["[2001:db8::1]/", ["url [2001:db8::1]/"]],
    ["[2001:db8::1]/path?a=1", ["url [2001:db8::1]/path?a=1"]],
    ["[2001:db8::1]:8080/path", ["url [2001:db8::1]:8080/path"]],
    ["C2: [2001:db8::1]/path, since May", ["url [2001:db8::1]/path"]],
    ["[2001:db8::]/32", ["ipv6_net 2001:db8::/32"]],
    ["2001:db8::/32/", ["ipv6_net 2001:db8::/32"]],
    ["192.0.2.0/24/", ["ipv4_net 192.0.2.0/24"]],
    ["192.0.2.0/255.255.255.0/", ["ipv4_net 192.0.2.0/24"]],
    ["192.0.2.0/0.0.0.255", ["ipv4_net 192.0.2.0/24"]],
    ["198.51.0.0/0.0.255.255, 192.0.2.0/0.0.0.15", [
      "ipv4_net 198.51.0.0/16",
      "ipv4_net 192.0.2.0/28",
    ]],
    ["192.0.2.0/0.0.0.9", ["url 192.0.2.0/0.0.0.9"]],
    ["http://192.0.2.0/24/", ["url http://192.0.2.0/24/"]],
    ["http://[2001:db8::]/32", ["url http://[2001:db8::]/32"]],
    ["192.0.2.1/24/x", ["url 192.0.2.1/24/x"]],
    ["\u2068evil.example.com\u2069", ["domain evil.example.com"]],
    ["\u200eevil.example.com\u200f", ["domain evil.example.com"]],
    ["\u202ahttp://evil.example.com/a\u202c", ["url http://evil.example.com/a"]],
    ["0.0.0.0 \u202bevil.example.com\u202e", ["domain evil.example.com"]],
    ["domain,seen\n\u2066evil.bazar\u2069,2026", ["domain evil.bazar"]],
    ['["\u2067evil.example.com\u2069"]', ["domain evil.example.com"]],
    ['[{"ip":"\u200e192.0.2.1"}]', ["ipv4 192.0.2.1"]],
  ] as const
) {
  Deno.test(`IOC_LIST_FILTER reads ${JSON.stringify(text)}`, () => {
    deepEqual(malicious(text), expected);
  });
}
