import { type HostName, readHostName } from "../indicators/host_name.ts";
import { type IpAddress, readIpAddress } from "../indicators/ip_address.ts";
import { recognise } from "../indicators/recognise.ts";
import { refang } from "../indicators/refang.ts";

/** What people write around a name: a scheme, `*.` or a dot before it; a port, slash or dots behind it. */
const AROUND = /^(?:[a-z][a-z0-9+.-]{0,30}:\/\/)?(?:\*\.|\.)?([^\s/:@]+?)\.{0,3}(?::\d{1,5})?\/?$/i;

/**
 * Reads a value that its source calls a name of a host, and gives it the one name that it has in
 * every source: `hxxp://*.Bad[.]example.com./` is `bad.example.com`. Undefined if it is not a name
 * alone.
 */
export function readNameValue(value: string): HostName | undefined {
  const [, name = ""] = AROUND.exec(refang(value.trim())) ?? [];
  return readHostName(name);
}

/** Reads a value that its source calls an address or network, also defanged. */
export function readAddressValue(value: string): IpAddress | undefined {
  return readIpAddress(value) ?? readIpAddress(refang(value.trim()));
}

const DEFANGED_SCHEME = /^(?:h(?:xx|xt|tx|\*\*)ps?|fxps?):/i;

/**
 * A value that its source calls a `url` or `email_addr`, without defanging if it is one then and was
 * none before; other values as they stand.
 */
export function plainValue(subType: string, value: string): string {
  const isPlain = recognise(value, "any")?.subType === subType && !DEFANGED_SCHEME.test(value);
  const plain = isPlain ? value : refang(value.trim());
  return recognise(plain, "any")?.subType === subType ? plain : value;
}
