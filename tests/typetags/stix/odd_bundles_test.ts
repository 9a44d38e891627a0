import { deepEqual, throws } from "../../assert.ts";
import { parsePlaintext } from "../../../lib/lake/parse.ts";
import type { FilterResult } from "../../../lib/typetags/filter.ts";
import { STIX_FILTER } from "../../../lib/typetags/stix.ts";
import { CREATED, onlyEvent, readObjects, SOURCE, stixId } from "./read_stix.ts";

/** An indicator of an address; equal numbers give equal indicators. */
function indicator(number: number, more: object = {}) {
  return {
    type: "indicator",
    id: stixId("indicator", number),
    created: CREATED,
    valid_from: CREATED,
    pattern: `[ipv4-addr:value = '192.0.2.${number}']`,
    pattern_type: "stix",
    indicator_types: ["malicious-activity"],
    ...more,
  };
}

function bundle(...objects: readonly object[]) {
  return { type: "bundle", id: stixId("bundle"), objects };
}

/** Reads a text as the archive does. */
function readUpload(text: string): FilterResult {
  const { data } = parsePlaintext(text, { typetag: "stix", orgid: "org", timezone: "UTC" });
  return STIX_FILTER.read(data!, SOURCE);
}

function addressesIn({ instances }: FilterResult): readonly unknown[] {
  return instances.filter(({ sub_type }) => sub_type === "ipv4")
    .map((instance) => "data" in instance && instance.data).sort();
}

Deno.test("stix reads bundles inside bundles and envelopes as their objects", () => {
  const inner = bundle(indicator(2), bundle(indicator(3)));
  for (
    const outer of [bundle(indicator(1), inner), { more: false, objects: [indicator(1), inner] }]
  ) {
    const result = readUpload(JSON.stringify(outer));
    deepEqual(addressesIn(result), ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    deepEqual(result.skipped, {});
  }
});

Deno.test("stix reads what is whole of a damaged bundle, and rejects the rest by number", () => {
  const text = JSON.stringify(bundle(indicator(1), indicator(2)));
  const cut = readUpload(text.slice(0, -30));
  deepEqual(addressesIn(cut), ["192.0.2.1"]);
  deepEqual(cut.rejected, [{ record: 2, reason: "Not JSON: unexpected end of the text" }]);
  const comma = readUpload(text.replace(/\]\}$/, ",]}"));
  deepEqual([addressesIn(comma), comma.rejected], [["192.0.2.1", "192.0.2.2"], []]);
});

Deno.test("stix says why something is not STIX", () => {
  const { rejected } = readUpload(`${JSON.stringify(indicator(1))}\n{bad\n{"a": 1}\n`);
  deepEqual(rejected, [
    { record: 2, reason: "Not JSON: unexpected character at position 1" },
    { record: 3, reason: "Neither a STIX bundle nor a STIX object" },
  ]);
  const xml = '<?xml version="1.0"?>\n<stix:STIX_Package/>';
  const cases = [
    [xml, "The data is XML: of STIX, only versions 2 are read"],
    ['{"type": "bundle", "objec', "Not JSON: unexpected end of the text"],
    ["{}", "Neither a STIX bundle nor a STIX object"],
  ] as const;
  for (const [text, message] of cases) {
    throws(() => readUpload(text), { code: "EVENTS_INVALID", message });
  }
});

Deno.test("stix reads names of languages, types and hashes however they are written", () => {
  for (const pattern_type of ["STIX", "Stix", undefined]) {
    deepEqual(addressesIn(readObjects(indicator(1, { pattern_type }))), ["192.0.2.1"]);
  }
  for (const label of ["Malicious Activity", "malicious_activity", 'misp:to_ids="true"']) {
    const result = readObjects(indicator(1, { indicator_types: undefined, labels: [label] }));
    deepEqual(onlyEvent(result, "indicator").category, "malicious");
  }
  const digits = "ab".repeat(32);
  for (const name of ["SHA-256", "Sha-256", "sha_256", "SHA256", "Sha256"]) {
    const pattern = `[file:hashes.'${name}' = '${digits}']`;
    deepEqual(onlyEvent(readObjects(indicator(1, { pattern })), "indicator").data["sha256"], [
      digits,
    ]);
  }
});

Deno.test("stix gives values the sub-type that they have", () => {
  const cases = [
    ["[domain-name:value = '192.0.2.1']", "ipv4", "192.0.2.1"],
    ["[autonomous-system:number = 'AS64500']", "asn", 64500n],
    [String.raw`[windows-registry-key:key = 'HKLM\Software\x']`, "regkey", "HKLM\\Software\\x"],
  ] as const;
  for (const [pattern, subType, data] of cases) {
    const { data: held } = onlyEvent(readObjects(indicator(1, { pattern })), "indicator");
    deepEqual(held[subType], [data], pattern);
  }
  const number = { type: "file", id: stixId("file"), name: "x", hashes: { "SHA-256": 5 } };
  const { events, skipped } = readObjects(number);
  deepEqual(events[0]!.data["sha256"], undefined);
  deepEqual(skipped, { "malformed file.hashes/SHA-256": 1 });
});

Deno.test("stix reads CVE ids, and nothing else, as cve", () => {
  const vulnerability = (fields: object) => {
    const object = {
      type: "vulnerability",
      id: stixId("vulnerability"),
      created: CREATED,
      ...fields,
    };
    return onlyEvent(readObjects(object), "vulnerability").data["cve"];
  };
  const external_references = [{ source_name: "cve", external_id: "cve-2021-44228" }];
  deepEqual(vulnerability({ name: "Log4Shell", external_references }), ["CVE-2021-44228"]);
  deepEqual(vulnerability({ name: "cve-2021-44228" }), ["CVE-2021-44228"]);
  deepEqual(vulnerability({ name: "CVE-2021-44228 in Log4j" }), undefined);
});
