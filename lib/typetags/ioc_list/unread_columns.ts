import { INDICATOR_COLUMN, MAIL_COLUMN, NAME_COLUMN, plainName } from "./column_names.ts";

const SOURCE_COLUMN =
  /^(?:(?:src|source|orig)(?:ip(?:v[46])?|addr(?:ess)?|ipaddr(?:ess)?|host)|src|saddr|ipsrc|idorigh)$/;
const DESTINATION_COLUMN =
  /^(?:(?:dst|dest|destination|resp)(?:ip(?:v[46])?|addr(?:ess)?|ipaddr(?:ess)?|host)|dst|dest|daddr|ipdst|idresph)$/;
/** Columns of numbers of autonomous systems. */
export const AS_COLUMN = /^(?:asn?|asnumber|autonomoussystem(?:number)?)$/;
/** Columns of whoever runs a network. */
const HOLDER_COLUMN =
  /^(?:isp|org(?:ani[sz]ation)?|(?:as|asn)(?:name|org(?:ani[sz]ation)?|owner|descr(?:iption)?|holder)|usagetype|hosting(?:provider)?|provider)$/;
/** Lists of names in what is known of an address. */
const NAMES_COLUMN = /^(?:hostnames|domains)$/;
const ADDRESS_COLUMN = /ip|addr|net|cidr|prefix/;
const VALUE_COLUMN = /^(?:ioc|indicator|observable|artifact|value|entry)/;
/** Why the columns of both ends of traffic are not read. */
export const EITHER_END = "either end may be the victim";
const USER_COLUMN = /^user(?:name|agent)?$|subject/;

/** Columns that look like indicators and are none, with the reason. */
export function unreadColumns(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...trafficEnds(names), ...holders(names), ...contacts(names)]);
}

type UnreadColumns = readonly (readonly [name: string, why: string])[];

/** Tells whether a table has both ends of traffic, of which either may be the victim. */
export function hasBothEnds(names: readonly string[]): boolean {
  return [SOURCE_COLUMN, DESTINATION_COLUMN].every((end) => named(names, end).length > 0);
}

/** Both ends of traffic: a table that has both does not say which of them is the attacker. */
function trafficEnds(names: readonly string[]): UnreadColumns {
  if (!hasBothEnds(names)) return [];
  return [SOURCE_COLUMN, DESTINATION_COLUMN].flatMap((end) => named(names, end))
    .map((name) => [name, EITHER_END]);
}

function named(names: readonly string[], pattern: RegExp): readonly string[] {
  return names.filter((name) => pattern.test(plainName(name)));
}

/**
 * Names behind the number of an autonomous system, if no address is there: those of the holders.
 * Names behind an address whose holder is there, too: the holder's, or what the address resolves to.
 */
function holders(names: readonly string[]): UnreadColumns {
  const address = names.findIndex(isAddressColumn);
  if (address >= 0) return namesOfAddress(names, address);
  const first = names.findIndex((name) => AS_COLUMN.test(plainName(name)));
  if (first < 0) return [];
  return names.slice(first).filter((name) => NAME_COLUMN.test(plainName(name)))
    .map((name) => [name, "holder of an autonomous system"]);
}

function namesOfAddress(names: readonly string[], address: number): UnreadColumns {
  const hasHolder = names.some((name) => HOLDER_COLUMN.test(plainName(name)));
  // `{"ips": […], "hostnames": […]}` are two lists.
  const isOne = !/(?<!addres)s$/.test(plainName(names[address]!));
  const hasNames = isOne && names.some((name) => plainName(name) === "hostnames");
  if (!hasHolder && !hasNames) return [];
  return names.filter((name, column) =>
    NAMES_COLUMN.test(plainName(name)) ||
    (hasHolder && column > address && NAME_COLUMN.test(plainName(name)))
  ).map((name) => [name, "name of the holder or machine of an address"]);
}

/** Mail addresses in a list of nothing but addresses: those of the networks' abuse desks. */
function contacts(names: readonly string[]): UnreadColumns {
  const others = names.filter((name) => !MAIL_COLUMN.test(plainName(name)));
  const isAboutAddresses = others.some(isAddressColumn) &&
    !others.some((name) => isOtherIndicator(plainName(name)));
  if (!isAboutAddresses) return [];
  return names.filter((name) => MAIL_COLUMN.test(plainName(name)))
    .map((name) => [name, "contact of a network"]);
}

function isAddressColumn(name: string): boolean {
  const plain = plainName(name);
  return INDICATOR_COLUMN.test(plain) && ADDRESS_COLUMN.test(plain);
}

function isOtherIndicator(plain: string): boolean {
  return VALUE_COLUMN.test(plain) || NAME_COLUMN.test(plain) || USER_COLUMN.test(plain) ||
    /url|uri|hash|md5|sha\d/.test(plain);
}
