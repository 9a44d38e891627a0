import { isIP } from "node:net";
import { readDomain } from "../indicators/domain.ts";
import { readIpAddress } from "../indicators/ip_address.ts";
import { refang } from "../indicators/refang.ts";

/** What a line says of the addresses in it. */
export type LineKind = {
  /** Whether it tells what went from where to where: `192.0.2.1.443 > 192.0.2.2.51234`. */
  readonly isFlow: boolean;
  /** Whether numbers behind slashes are ports, and not lengths of prefixes. */
  readonly hasSlashPorts: boolean;
  /** Whether it is an address and nothing else. */
  readonly isAlone: boolean;
};

const DOT = String.raw`(?:\.|\[\.\]|\(\.\)|\[\.|\.\]|[[(]dot[\])])`;
/** An IPv4 address, also defanged or as an IPv6 one; or an IPv6 address, also with a port at its end. */
const ADDRESS = new RegExp(
  String.raw`(?:::ffff:)?(?<ipv4>\d{1,3}(?:${DOT}\d{1,3}){3})(?!\d)` +
    String.raw`|(?<![\w.:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){1,8}:[0-9a-f]{0,5}(?![\w:])`,
  "gi",
);

/** Before a part of something else: of a version, of a name that begins with numbers, of a range. */
const WORD_BEFORE = /[^\W_]$|[%.]$|\w-$/;
const PART_BEHIND = /^(?:[^\W_]|[.-][\w.]|[/?]|:\d{1,5}(?:[/?]|\d))/;
const ALONE_BEFORE = /(?:^|[\s(<[,;]|(?<!@)["'])$/;
const ALONE_BEHIND = /^(?:$|[\s"')>\],;.!?])/;
/** A URL without a scheme, of which what follows is a part. */
const URL_BEFORE = /(?:\.[a-z]{2,24}|\d)(?::\d{1,5})?[/?][^\s\d(]\S*$/i;

/** `/192.0.2.1:443`, and protocols. */
const BEFORE_SLASH = /(?:^|[\s([=,;"'])(?:(?:\/dev\/)?(?:tcp|udp|sctp|icmp))?\/$/i;
/** `inside/192.0.2.1(443)`; `agent/1.2.3.4` is a version. */
const INTERFACE = /(?:^|[^\w./-])[a-z]\w{0,19}\/$/;
/** `example.com/192.0.2.1:443`, as Java writes both. */
const NAME = /(?:^|[^\w./@-])([\w-]+(?:\.[\w-]+)+)\/$/;

const SLASH_NUMBER = /^\/(\d{1,5})(?![\w/.?-])/;
/** A port behind a dot, also as the name of its service, as tcpdump and BSD write it. */
const DOT_PORT = /^\.(?:\d{1,5}|[a-z][a-z0-9-]{1,15})(?=[:,]?(?:\s|$))/i;
const PORT =
  /^(?::\d{1,5}(?:\/(?:tcp|udp|sctp)\b|:|(?=\/(?:\d{1,3}\.){3}\d)|(?![\d/?]))|\/(?:tcp|udp|sctp)\b|[#_]\d{1,5}(?![^\W_])|-\d{3,5}(?![\w.-]))/i;

/** Characters around an address that are looked at. */
const MAX_BEFORE = 300;
const MAX_BEHIND = 4096;

/**
 * Writes the addresses in a text apart from an interface, a user, a port … next to them:
 * `outside:192.0.2.1/443` as `outside: 192.0.2.1`. A network whose length may be a port is written
 * twice, as network and as address.
 */
export function separateEndpoints(text: string, kind: LineKind): string {
  let result = "";
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const { 0: all, index } = match;
    const ipv4 = match.groups?.["ipv4"];
    const addresses = ipv4 === undefined ? readIpv6(all, kind) : readIpv4(ipv4);
    const from = index + all.length;
    const place = {
      all,
      addresses,
      before: text.slice(Math.max(done, index - MAX_BEFORE), index),
      behind: text.slice(from, from + MAX_BEHIND),
    };
    const end = addresses.length === 0 ? undefined : readEnd(place, kind);
    if (end === undefined) continue;
    result += `${text.slice(done, index - end.before)} ${end.words.join(" ")} `;
    done = from + end.behind;
  }
  return result + text.slice(done);
}

function readIpv4(text: string): readonly string[] {
  const address = refang(text);
  return isIP(address) === 4 ? [address] : [];
}

/** The address, without the port at its end; both readings, if it could be either. */
function readIpv6(text: string, { isFlow }: LineKind): readonly string[] {
  const [, stem = ""] = /^(.*):\d{1,5}$/.exec(text) ?? [];
  const withoutPort = isIP(stem) === 6 ? [stem] : [];
  if (isIP(text) !== 6) return withoutPort;
  return isFlow ? [text, ...withoutPort] : [text];
}

/** An address as it stands, its readings, and the text around it. */
type Place = {
  readonly all: string;
  readonly addresses: readonly string[];
  readonly before: string;
  readonly behind: string;
};

/** Words in place of an address and of some characters around it. */
type End = { readonly words: readonly string[]; readonly before: number; readonly behind: number };

/** Undefined for an address that stands alone, or is a part of something else. */
function readEnd(place: Place, kind: LineKind): End | undefined {
  const { before, behind } = place;
  if (WORD_BEFORE.test(before) || URL_BEFORE.test(before)) return undefined;
  const end = readBehind(place, kind);
  if (end === undefined || !before.endsWith("/")) return end;
  const [, name] = NAME.exec(before) ?? [];
  if (name !== undefined && readDomain(name) !== undefined) {
    // Without a port it may as well be the path of a URL.
    const url = end.behind === 0 ? [`${name}/${place.addresses[0]}`] : [];
    return { ...end, words: [...url, name, ...end.words], before: name.length + 1 };
  }
  const isEnd = BEFORE_SLASH.test(before) || INTERFACE.test(before) && /^[(/:#[]/.test(behind);
  return isEnd ? { ...end, before: 1 } : undefined;
}

function readBehind(place: Place, kind: LineKind): End | undefined {
  const { all, addresses, before, behind } = place;
  const [slash = "", number] = SLASH_NUMBER.exec(behind) ?? [];
  if (number !== undefined) {
    const words = addresses.flatMap((address) => readSlash(address, number, kind));
    return words.length === 0 ? undefined : { words, before: 0, behind: slash.length };
  }
  // `192.0.2.1:/path`, as Cisco's firewalls write a URL.
  const [, path] = /^:(\/\w\S*)/.exec(behind) ?? [];
  if (path !== undefined && !before.endsWith("@")) {
    return { words: [addresses[0]!, addresses[0]! + path], before: 0, behind: 1 + path.length };
  }
  const [port = ""] = (kind.isFlow ? DOT_PORT.exec(behind) : null) ?? PORT.exec(behind) ?? [];
  if (port === "" && PART_BEHIND.test(behind)) return undefined;
  const isAlone = port === "" && addresses.length === 1 && addresses[0] === all &&
    ALONE_BEFORE.test(before) && ALONE_BEHIND.test(behind);
  return isAlone ? undefined : { words: addresses, before: 0, behind: port.length };
}

/** An address and a number behind a slash: the network, the address, or both. */
function readSlash(
  address: string,
  number: string,
  { hasSlashPorts, isAlone }: LineKind,
): readonly string[] {
  const network = readIpAddress(`${address}/${number}`);
  if (network === undefined) return isAlone && Number(number) < 200 ? [] : [address];
  const isExact = network.data === `${readIpAddress(address)?.data}/${number}`;
  if (hasSlashPorts) return isExact ? [network.data, address] : [address];
  return isAlone || isExact ? [] : [network.data, address];
}
