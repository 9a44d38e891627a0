import { INDICATOR_COLUMN, MAIL_COLUMN, NAME_COLUMN, plainName } from "./column_names.ts";

const SOURCE_COLUMN =
  /^(?:(?:src|source|orig)(?:ip(?:v[46])?|addr(?:ess)?|ipaddr(?:ess)?|host)|src|saddr|ipsrc|idorigh)$/;
const DESTINATION_COLUMN =
  /^(?:(?:dst|dest|destination|resp)(?:ip(?:v[46])?|addr(?:ess)?|ipaddr(?:ess)?|host)|dst|dest|daddr|ipdst|idresph)$/;
/** Columns of numbers of autonomous systems. */
export const AS_COLUMN = /^(?:asn?|asnumber|autonomoussystem(?:number)?)$/;
const ADDRESS_COLUMN = /ip|addr|net|cidr|prefix/;
const VALUE_COLUMN = /^(?:ioc|indicator|observable|artifact|value|entry)/;
const USER_COLUMN = /^user(?:name|agent)?$|subject/;

/** Columns that look like indicators and are none, with the reason. */
export function unreadColumns(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...trafficEnds(names), ...holders(names), ...contacts(names)]);
}

type UnreadColumns = readonly (readonly [name: string, why: string])[];

/** Both ends of traffic: a table that has both does not say which of them is the attacker. */
function trafficEnds(names: readonly string[]): UnreadColumns {
  const isEnd = (end: RegExp) => names.filter((name) => end.test(plainName(name)));
  const [sources, destinations] = [isEnd(SOURCE_COLUMN), isEnd(DESTINATION_COLUMN)];
  if (sources.length === 0 || destinations.length === 0) return [];
  return [...sources, ...destinations].map((name) => [name, "either end may be the victim"]);
}

/** Names behind the number of an autonomous system, if no address is there: those of the holders. */
function holders(names: readonly string[]): UnreadColumns {
  const first = names.findIndex((name) => AS_COLUMN.test(plainName(name)));
  if (first < 0 || names.some(isAddressColumn)) return [];
  return names.slice(first).filter((name) => NAME_COLUMN.test(plainName(name)))
    .map((name) => [name, "holder of an autonomous system"]);
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
