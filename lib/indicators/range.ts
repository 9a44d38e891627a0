import { isIP } from "node:net";
import { addressNumber, addressText, readIpAddress } from "./ip_address.ts";

const BITS = { 4: 32n, 6: 128n } as const;

/**
 * The networks in CIDR notation, or single addresses, that together are the range from one address
 * to another: as few as possible, in order. Undefined if these are not two addresses of one version,
 * the first not behind the last.
 */
export function rangeNetworks(first: string, last: string): readonly string[] | undefined {
  const version = isIP(first);
  if (version !== isIP(last) || (version !== 4 && version !== 6)) return undefined;
  const end = addressNumber(last).value;
  let start = addressNumber(first).value;
  if (start > end) return undefined;
  const networks: string[] = [];
  while (start <= end) {
    const hostBits = largestBlock(start, end, BITS[version]);
    const address = addressText({ version, value: start });
    networks.push(readIpAddress(`${address}/${BITS[version] - hostBits}`)!.data);
    start += 1n << hostBits;
  }
  return networks;
}

/** Host bits of the largest network that begins at `start` and does not reach beyond `end`. */
function largestBlock(start: bigint, end: bigint, bits: bigint): bigint {
  let hostBits = 0n;
  while (
    hostBits < bits && (start >> hostBits & 1n) === 0n && start + (2n << hostBits) - 1n <= end
  ) hostBits++;
  return hostBits;
}

const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const IPV6 = String.raw`[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}`;
const RANGE = new RegExp(
  String
    .raw`(?<![\w./-])(${IPV4}|${IPV6})(?:\s{0,2}(?:[-–—]|\.\.)\s{0,2}|\s{1,2}to\s{1,2})(${IPV4}|${IPV6}|\d{1,3})(?![\w.:/-])`,
  "gi",
);
const NETMASK = new RegExp(
  String
    .raw`(?<![\w.:/-])(${IPV4})(?:\s{1,8}|\/)(255(?:\.(?:255|254|252|248|240|224|192|128|0)){3})(?![\w./-])`,
  "g",
);

const WILDCARD = new RegExp(
  String.raw`(?<![\w.:/-])(${IPV4})\s{1,8}(0\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\w./-])`,
  "g",
);
/** `192.0.2.0 192.0.2.255 24`: start, end and prefix length. */
const TRIPLE = new RegExp(
  String.raw`(?<![\w.:/-])(${IPV4})[ \t]{1,8}(${IPV4})[ \t]{1,8}(\d{1,2})(?![\w./-])`,
  "g",
);
/** `192.0.2.0 /24`. */
const APART = new RegExp(String.raw`(?<![\w.:/-])(${IPV4}) {1,2}(\/\d{1,2})(?![\w./-])`, "g");
/** `192.0.2/24`, as BSD writes it. */
const SHORT = /(?<![\w.:/-])(\d{1,3}(?:\.\d{1,3}){2})(\/(?:1[6-9]|2[0-4]))(?![\w./-])/g;
const STARS = /(?<![\w.:/-])((?:\d{1,3}\.){1,3})\*(?:\.\*){0,2}(?![\w./*-])/g;

/**
 * Replaces ranges (`192.0.2.0-192.0.2.255`, `192.0.2.0-255`, `192.0.2.0..192.0.2.255`,
 * `192.0.2.0 192.0.2.255 24`) and networks with a mask (`192.0.2.0
 * 255.255.255.0` or, as Cisco writes it, `192.0.2.0 0.0.0.255`; `192.0.2.*`) in a text by networks in CIDR notation, separated by blanks.
 */
export function replaceRanges(text: string): string {
  if (
    !/[0-9a-f:]\s{0,2}(?:[-–—]|to\s|\.\.)|255|\.\*|\d \/|\/(?:1[6-9]|2[0-4])|\d\s\d/i.test(text)
  ) {
    return text;
  }
  return text
    .replace(TRIPLE, (all, first: string, last: string, prefix: string) => {
      const [network, ...more] = isIP(first) === 4 ? rangeNetworks(first, last) ?? [] : [];
      return more.length === 0 && network?.endsWith(`/${prefix}`) ? network : all;
    })
    .replace(APART, "$1$2")
    .replace(SHORT, "$1.0$2")
    .replace(RANGE, (all, first: string, last: string) => {
      const [from, to] = [withoutPadding(first), withoutPadding(last)];
      const end = /^\d{1,3}$/.test(to) ? from.replace(/\d+$/, to) : to;
      return rangeNetworks(from, end)?.join(" ") ?? all;
    })
    .replace(NETMASK, (all, address: string, mask: string) => {
      const bits = addressNumber(mask).value.toString(2);
      return /^1+0*$/.test(bits) ? `${address}/${bits.replaceAll("0", "").length}` : all;
    })
    .replace(WILDCARD, (all, address: string, mask: string) => {
      const hostBits = (isIP(mask) === 4 ? addressNumber(mask).value : 0n).toString(2);
      return /^1+$/.test(hostBits) ? `${address}/${32 - hostBits.length}` : all;
    })
    .replace(STARS, (all, octets: string) => {
      const given = octets.split(".").length - 1;
      return given + all.split("*").length - 1 === 4
        ? `${octets}${Array(4 - given).fill("0").join(".")}/${8 * given}`
        : all;
    });
}

/** `192.000.002.001` as P2P block lists write it; other octets with leading zeros stay unreadable. */
function withoutPadding(address: string): string {
  if (!/^\d{3}(?:\.\d{3}){3}$/.test(address)) return address;
  return address.split(".").map(Number).join(".");
}
