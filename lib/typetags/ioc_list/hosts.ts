import { readHostName } from "../../indicators/host_name.ts";
import { readIpAddress } from "../../indicators/ip_address.ts";
import { isFileName } from "../../indicators/domain.ts";
import { readName } from "./names.ts";
import type { LineReading } from "./reading.ts";

/** Names that systems put into their own hosts files. */
const LOCAL_NAME =
  /^(?:localhost\d?|localdomain\d?|local|broadcasthost|loopback|ip6-\w+|(?:.+\.)?(?:localhost|localdomain\d?|local|lan|home\.arpa|docker\.internal))$/;

/** Where queries for blocked names are sent, so that an address behind it is blocked, too. */
const NO_HOST = /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?|0)$/;

/**
 * Reads a line of a hosts file: an address, which is where queries for the names behind it are sent,
 * and never an indicator.
 */
export function readHostsLine(line: string): LineReading | undefined {
  const [address = "", first, ...more] = line.replace(/#.*$|\s(?:\/\/|;).*$/, "").trim().split(
    /\s+/,
  );
  if (first === undefined || !isSink(address)) return undefined;
  if (more.length === 0 && NO_HOST.test(first)) {
    return { indicators: [], skip: "name of this machine" };
  }
  if (more.length === 0 && NO_HOST.test(address)) {
    const blocked = readIpAddress(first);
    if (blocked !== undefined) return { indicators: [blocked] };
  }
  const names = [first, ...more].map((name) => readHostName(name.replace(/^\*\./, ""))?.data);
  const isHosts = names.every((name) => name !== undefined && !isFileName(name)) &&
    (first.includes(".") || LOCAL_NAME.test(names[0] ?? ""));
  if (!isHosts) return undefined;
  const foreign = names.filter((name) => !LOCAL_NAME.test(name!));
  const indicators = foreign.flatMap((name) => readName(name!));
  return indicators.length > 0 ? { indicators } : { indicators, skip: "name of this machine" };
}

function isSink(text: string): boolean {
  const { subType } = readIpAddress(text.replace(/%[\w.-]{1,15}$/, "")) ?? {};
  return text === "0" || subType === "ipv4" || subType === "ipv6";
}
