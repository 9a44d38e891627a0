import { addressFault } from "./address_fault.ts";
import { readAddress } from "./address_spellings.ts";
import { heldText, heldValue } from "./held_value.ts";
import { NotUnderstood } from "./not_understood.ts";
import { recognise } from "./recognise.ts";
import { severalValuesFault } from "./several_values.ts";

const EXAMPLES: { readonly [subType: string]: string } = {
  domain: "example.com",
  hostname: "www.example.com",
  ip: "192.0.2.1 or 2001:db8::1",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  ipv4_net: "192.0.2.0/24",
  ipv6_net: "2001:db8::/32",
  url: "http://example.com/a",
  email_addr: "user@example.com",
  asn: "64500 or AS64500",
  cve: "CVE-2024-3094",
  mac_addr: "00:00:5e:00:53:01",
};

/** Says that a value cannot be of a sub-type, and what it is instead, or `needed`. */
export function wrongKind(text: string, subType: string, needed: string): NotUnderstood {
  const is = `cannot be ${withArticle(subType)}`;
  const other = (readAddress(text) ?? recognise(text, true))?.subType;
  if (other !== undefined && other !== subType) {
    return new NotUnderstood(text, `${is}: it is ${withArticle(other)}; ask for it as ${other}`);
  }
  const several = severalValuesFault(text);
  if (several !== undefined) return new NotUnderstood(text, `${is}: it ${several}`);
  const held = heldValue(text);
  if (held !== undefined) {
    return new NotUnderstood(text, `${is}: it holds ${heldText(held)}; ask for that`);
  }
  const example = EXAMPLES[subType];
  const fault = subType.startsWith("ip") ? addressFault(text) : undefined;
  return new NotUnderstood(
    text,
    `${is}: give ${needed}${example === undefined ? "" : `, such as ${example}`}` +
      (fault === undefined ? "" : `; ${fault}`),
  );
}

function withArticle(subType: string): string {
  return `${/^[aeio]|^md5$/.test(subType) ? "an" : "a"} ${subType}`;
}
