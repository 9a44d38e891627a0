/**
 * Says what is wrong with a text that is written as an address or network and is none, as a clause
 * such as `999 is more than 255`. Undefined for other texts.
 */
export function addressFault(text: string): string | undefined {
  const [, address = "", slash, prefix = ""] = /^\[?([^/\[\]]*)\]?(\/(.*))?$/s.exec(text) ?? [];
  if (/^[0-9]+(?:\.[0-9]+){2,}$/.test(address)) {
    return ipv4Fault(address) ?? (slash === undefined ? undefined : prefixFault(prefix, 32));
  }
  // A name with a port has one colon, and a certificate's fingerprint more than nine.
  if (!/^[0-9a-f]{0,5}(?::[0-9a-z.%]{0,20}){2,9}$/i.test(address)) return undefined;
  return ipv6Fault(address) ?? (slash === undefined ? undefined : prefixFault(prefix, 128));
}

function ipv4Fault(address: string): string | undefined {
  const numbers = address.split(".");
  if (numbers.length !== 4) return `it has ${numbers.length} numbers instead of 4`;
  const tooLarge = numbers.find((number) => Number(number) > 255);
  if (tooLarge !== undefined) return `${tooLarge} is more than 255`;
  const padded = numbers.find((number) => /^0[0-9]/.test(number));
  if (padded === undefined) return undefined;
  return `some programs read ${padded} as octal: leave out the zeros if it means ` +
    numbers.map(Number).join(".");
}

function ipv6Fault(address: string): string | undefined {
  if (address.includes(":::")) return "three colons in a row mean nothing: two stand for zeros";
  if (address.split("::").length > 2) return '"::" may stand in it only once';
  const groups = address.replace(/%.*$/s, "").split(":");
  const wrong = groups.find((group) => /[^0-9a-f.]/i.test(group));
  if (wrong !== undefined) return `${wrong} is not a hexadecimal number`;
  const long = groups.find((group) => /^[0-9a-f]{5,}$/i.test(group));
  if (long !== undefined) return `${long} has more than four digits`;
  const count = groups.filter((group) => group !== "").length;
  if (address.includes("::") ? count > 7 : count !== 8) {
    return `it has ${count} groups instead of 8${count < 8 ? ', and no "::" for zeros' : ""}`;
  }
  return undefined;
}

function prefixFault(prefix: string, bits: number): string | undefined {
  if (/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= bits) return undefined;
  return `the number after the slash is from 0 to ${bits}`;
}
