import { readDomain } from "../../indicators/domain.ts";
import { readIpAddress } from "../../indicators/ip_address.ts";
import type { Indicator } from "../../indicators/recognise.ts";

/** Zones that say nothing about a host. */
const LOCAL_ZONE = /(?:^|\.)(?:arpa|localhost|localdomain|local)$/;

/**
 * The name or address in a rule that names hosts and nothing else: a domain with any ending, also as
 * `*.example.com`. Empty for names of one label and reverse zones.
 */
export function readName(text: string): readonly Indicator[] {
  const host = text.replace(/^\*?\./, "").replace(/^\[(.*)\]$/, "$1");
  const address = readIpAddress(host);
  if (address !== undefined) return [address];
  const data = readDomain(host, "any");
  return data === undefined || LOCAL_ZONE.test(data) ? [] : [{ subType: "domain", data }];
}
