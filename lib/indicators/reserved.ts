import { addressNumber } from "./ip_address.ts";

const BITS = { 4: 32, 6: 128 } as const;

/**
 * Networks whose addresses are others in every network, or nobody's (RFC 6890): this host, private,
 * shared, link-local, multicast, future use. Networks for documentation are not among them.
 */
const RESERVED = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::/127",
  "fc00::/7",
  "fe80::/10",
  "ff00::/8",
].map(readNetwork);

/** The shortest prefix of a network that somebody could mean: larger ones are a hundredth of the Internet. */
const SHORTEST_PREFIX = { 4: 7, 6: 16 } as const;

function readNetwork(text: string) {
  const [address = "", prefix] = text.split("/");
  const { version, value } = addressNumber(address);
  return { version, value, prefix: Number(prefix ?? BITS[version]) };
}

/**
 * Whether an address or network, in the form of `readIpAddress`, says nothing about anybody: it covers
 * a whole reserved network, as lists of unassigned addresses name them, or is very large. Single
 * private addresses and smaller networks are somebody's own, who may well name them.
 */
export function isUnspecificNetwork(text: string): boolean {
  const { version, value, prefix } = readNetwork(text);
  return prefix < SHORTEST_PREFIX[version] || RESERVED.some((network) => {
    const hostBits = BigInt(BITS[version] - prefix);
    return network.version === version && prefix <= network.prefix &&
      value >> hostBits === network.value >> hostBits;
  });
}
