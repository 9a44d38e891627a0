import { readIpAddress } from "../indicators/ip_address.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import { readIdsRule } from "../typetags/ioc_list/ids_rules.ts";
import { lineIndicators } from "./line_indicators.ts";

/** The address of a line of a hosts file, and that of a record of a DNS server. */
const HOST = /^\s*([\d.a-f:]+)\s+\S/i;
const RECORD = /\s(?:A|AAAA)\s+([\d.a-f:]+)\s*$/i;
/** Where queries for blocked names are sent. */
const SINK = /^(?:0\.0\.0\.0|127\.[\d.]+|255(?:\.\d+){3}|::1?)$/;

/** Where a rule of Snort or Suricata says what is to be read about it. */
const REFERENCE = /\breference:[^;]{0,500};/g;
const CONTENT = /\bcontent:\s*!?"([^"]{1,2000})"/g;

/**
 * What a rule names besides what it blocks, about which somebody may ask: the address of a name, what
 * is looked for inside the traffic.
 */
export function besidesRule(line: string): readonly AttributeName[] {
  if (readIdsRule(line) !== undefined) return contents(line);
  const [, text = ""] = HOST.exec(line) ?? RECORD.exec(line) ?? [];
  const address = SINK.test(text) ? undefined : readIpAddress(text);
  return address === undefined ? [] : [address];
}

function contents(rule: string): readonly AttributeName[] {
  return [...rule.replace(REFERENCE, " ").matchAll(CONTENT)]
    .flatMap(([, text]) => lineIndicators(plainContent(text!)));
}

/** `evil|2e|example`, and `|04|evil|07|example|00|`, in which lengths stand for dots. */
function plainContent(text: string): string {
  return text.replace(/\|([0-9a-f\s]*)\|/gi, (_, hex: string) =>
    hex.split(/\s+/).map((byte) => {
      const code = parseInt(byte, 16);
      return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ".";
    }).join("")).replace(/^\.+|\.+$/g, "");
}
