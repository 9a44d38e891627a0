import { readIpAddress } from "../../indicators/ip_address.ts";

/** `127.0.0.1 localhost`, `ff02::1 ip6-allnodes`: what systems put into their hosts files. */
const LOCAL_LINE = /^\s*(?:127\.[\d.]+|::1|f[ef]0\d?::\S*|255\.255\.255\.255)\s+\S/i;
const LOCALHOST = /^\s*(?:127\.0\.0\.1|::1)\s+.*\blocalhost\b/i;
const ENTRY = /^\s*([0-9a-f.:]+)\s+[a-z0-9][\w.-]*/i;

/** Lines of a file that are looked at. */
const SAMPLE = 1000;

/**
 * Tells whether lines are the hosts file of a machine, and not a list of blocked names: it says who
 * the machine itself is, and all other names have addresses of their own rather than one for all.
 */
export function areOwnHosts(given: readonly string[]): boolean {
  const lines = given.slice(0, SAMPLE);
  if (!lines.some((line) => LOCALHOST.test(line))) return false;
  const others = lines.filter((line) => !/^\s*#/.test(line) && !LOCAL_LINE.test(line));
  const addresses = others.map((line) => ENTRY.exec(line)?.[1] ?? "");
  const areHosts = addresses.every((address) =>
    readIpAddress(address) !== undefined && !/^[0:.]+$/.test(address)
  );
  const blocked = lines.filter((line) => /^\s*(?:127\.|::1\s)/.test(line) && isBlocked(line));
  return others.length > 0 && areHosts && blocked.length === 0 &&
    new Set(addresses).size * 2 >= others.length;
}

/** A name with a dot that is sent to this machine; `127.0.1.1` is what Debian calls itself. */
function isBlocked(line: string): boolean {
  return !/^\s*127\.0\.1\.1\s/.test(line) && !/localhost|localdomain|\bip6-/i.test(line) &&
    /\s[\w-]+\.[\w.-]+/.test(line);
}
