import { deepEqual, ok } from "../assert.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import type { Filter, FilterResult } from "../../lib/typetags/filter.ts";
import { IOC_LIST_FILTER } from "../../lib/typetags/ioc_list.ts";
import { MISP_FILTER } from "../../lib/typetags/misp.ts";
import { STIX_FILTER } from "../../lib/typetags/stix.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };

function list(value: string): Value {
  return { data: `${value}\n` };
}

function mispEvent(type: string, value: string): Value {
  return {
    Event: {
      uuid: "5a0000aa-0000-4000-8000-000000000001",
      info: "demo",
      date: "2026-01-01",
      Attribute: [{ type, value, to_ids: true, timestamp: "1767225600" }],
    },
  };
}

function indicator(pattern: string): Value {
  return {
    type: "indicator",
    spec_version: "2.1",
    id: "indicator--00000000-0000-4000-8000-000000000001",
    created: "2026-01-01T00:00:00.000Z",
    modified: "2026-01-01T00:00:00.000Z",
    indicator_types: ["malicious-activity"],
    pattern,
    pattern_type: "stix",
    valid_from: "2026-01-01T00:00:00Z",
  };
}

/** `["domain login.bad.example", …]`: the attributes of given sub-types, and which are malicious. */
function attributes(filter: Filter, data: Value, subTypes: readonly string[]) {
  const { instances, events }: FilterResult = filter.read(data, SOURCE);
  const malicious = new Set(events.flatMap(({ _mal_ref }) => _mal_ref));
  return instances.flatMap((instance) =>
    instance.itype === "attribute" && subTypes.includes(instance.sub_type)
      ? [
        `${instance.sub_type} ${instance.data}${malicious.has(instance._hash) ? " malicious" : ""}`,
      ]
      : []
  ).sort();
}

const SPELLINGS = [
  "login.bad.example",
  "LOGIN.bad.example.",
  "login。bad。example",
  "ｌogin.bad.example",
  "*.login.bad.example",
  "login.bad.example:443",
  "login[.]bad[.]example",
];

for (const name of SPELLINGS) {
  Deno.test(`ioc_list, misp and stix make one attribute of the name ${name}`, () => {
    const expected = ["domain login.bad.example malicious"];
    for (
      const [filter, data] of [
        [IOC_LIST_FILTER, list(name)],
        [MISP_FILTER, mispEvent("hostname", name)],
        [MISP_FILTER, mispEvent("domain", name)],
        [STIX_FILTER, indicator(`[domain-name:value = '${name}']`)],
      ] as const
    ) {
      deepEqual(attributes(filter, data, ["domain", "hostname"]), expected);
    }
  });
}

for (
  const [type, name, expected] of [
    ["hostname", "*.Star.example.com", "domain star.example.com"],
    ["domain", ".bad.example.com", "domain bad.example.com"],
    ["domain", "bad.example.com..", "domain bad.example.com"],
    ["domain", "http://bad.example.com/", "domain bad.example.com"],
    ["domain", "hxxps://bad[.]example[.]com./", "domain bad.example.com"],
    ["hostname", "bad.example.com:443", "domain bad.example.com"],
    ["hostname", " WIN-7ABC. ", "hostname win-7abc"],
    ["email-src-domain", "Bücher.example.", "domain xn--bcher-kva.example"],
    ["email-dst-domain", "Bad.example.com", "domain bad.example.com"],
    ["domain", "http://bad.example.com/a", "domain http://bad.example.com/a"],
  ] as const
) {
  Deno.test(`misp and stix make ${expected} of ${type} ${name}`, () => {
    const subTypes = ["domain", "hostname"];
    deepEqual(attributes(MISP_FILTER, mispEvent(type, name), subTypes), [`${expected} malicious`]);
    const pattern = indicator(`[domain-name:value = '${name}']`);
    deepEqual(attributes(STIX_FILTER, pattern, subTypes), [`${expected} malicious`]);
  });
}

Deno.test("misp and stix keep a name of one label as a hostname", () => {
  const expected = ["hostname win-7abc malicious"];
  deepEqual(
    attributes(MISP_FILTER, mispEvent("hostname", "WIN-7ABC"), ["domain", "hostname"]),
    expected,
  );
  const pattern = "[domain-name:value = 'WIN-7ABC']";
  deepEqual(attributes(STIX_FILTER, indicator(pattern), ["domain", "hostname"]), expected);
});

for (
  const [url, host] of [
    ["http://Login.bad.example:8080/a", "domain login.bad.example"],
    ["https://bücher.example/", "domain xn--bcher-kva.example"],
    ["http://192.0.2.1/a", "ipv4 192.0.2.1"],
    ["http://[2001:DB8::1]/a", "ipv6 2001:db8::1"],
    ["ldap://evil.bad.example:389/a", "domain evil.bad.example"],
  ] as const
) {
  Deno.test(`ioc_list, misp and stix hold the host of ${url} outside every context`, () => {
    const expected = [host, `url ${url} malicious`].sort();
    const subTypes = ["url", "domain", "hostname", "ipv4", "ipv6"];
    deepEqual(attributes(IOC_LIST_FILTER, list(url), subTypes), expected);
    deepEqual(attributes(MISP_FILTER, mispEvent("url", url), subTypes), expected);
    deepEqual(attributes(STIX_FILTER, indicator(`[url:value = '${url}']`), subTypes), expected);
  });
}

Deno.test("The events of URLs contain their hosts", () => {
  const { events } = MISP_FILTER.read(mispEvent("url", "http://bad.example/a"), SOURCE);
  ok(events.some(({ data }) => "url" in data && "domain" in data));
});

for (
  const [type, path, value, expected] of [
    ["url", "url:value", "hxxps://Bad[.]example/a", "url https://Bad.example/a"],
    ["url", "url:value", "hxxp://bad.example/a", "url http://bad.example/a"],
    ["url", "url:value", "http://bad.example/a[.]b", "url http://bad.example/a[.]b"],
    ["ip-src", "ipv4-addr:value", "192.0[.]2.7/24", "ipv4_net 192.0.2.0/24"],
    ["email", "email-addr:value", "ann[@]bad[.]example", "email_addr ann@bad.example"],
    ["email", "email-addr:value", "no address", "email_addr no address"],
  ] as const
) {
  Deno.test(`misp and stix make ${expected} of ${type} ${value}`, () => {
    const subTypes = ["url", "ipv4_net", "email_addr"];
    deepEqual(attributes(MISP_FILTER, mispEvent(type, value), subTypes), [`${expected} malicious`]);
    const pattern = indicator(`[${path} = '${value}']`);
    deepEqual(attributes(STIX_FILTER, pattern, subTypes), [`${expected} malicious`]);
  });
}
