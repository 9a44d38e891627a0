import { suggest } from "./suggest.ts";

/** Zones that people write as abbreviations, of which several places may use the same one. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ["ACST", "Australia/Adelaide"],
  ["AEDT", "Australia/Sydney"],
  ["AEST", "Australia/Brisbane or Australia/Sydney"],
  ["AKST", "America/Anchorage"],
  ["AST", "America/Halifax or Asia/Riyadh"],
  ["AWST", "Australia/Perth"],
  ["BRT", "America/Sao_Paulo"],
  ["BST", "Europe/London or Asia/Dhaka"],
  ["CDT", "America/Chicago"],
  ["CEST", "Europe/Paris"],
  ["CST", "America/Chicago or Asia/Shanghai"],
  ["EDT", "America/New_York"],
  ["EEST", "Europe/Athens"],
  ["GST", "Asia/Dubai"],
  ["HKT", "Asia/Hong_Kong"],
  ["ICT", "Asia/Bangkok"],
  ["IST", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"],
  ["JST", "Asia/Tokyo"],
  ["KST", "Asia/Seoul"],
  ["MDT", "America/Denver"],
  ["MESZ", "Europe/Berlin"],
  ["MEZ", "Europe/Berlin"],
  ["MSK", "Europe/Moscow"],
  ["NST", "America/St_Johns"],
  ["NZDT", "Pacific/Auckland"],
  ["NZST", "Pacific/Auckland"],
  ["PDT", "America/Los_Angeles"],
  ["PKT", "Asia/Karachi"],
  ["PST", "America/Los_Angeles or Asia/Manila"],
  ["SAST", "Africa/Johannesburg"],
  ["SGT", "Asia/Singapore"],
  ["WEST", "Europe/Lisbon"],
  ["WIB", "Asia/Jakarta"],
  ["Z", "UTC"],
]);

/** Letters of a text that may be meant as a time zone. */
const LONGEST = 40;

/** Offsets in whole hours, also behind UTC or GMT. */
const OFFSET = /^(?:UTC|GMT)?([-+])0?([0-9]|1[0-4])(?::?00)?$/i;

/** Says what to give in place of a text that is not the IANA name of a time zone. */
export function timeZoneAdvice(text: string): string {
  const meant = meantBy(text.trim());
  return meant === undefined
    ? "give a name such as America/Los_Angeles or UTC"
    : `for ${text.trim()} give a name such as ${meant}`;
}

function meantBy(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const [, sign, hours] = OFFSET.exec(text) ?? [];
  // The signs of these names are those of POSIX: behind Greenwich is +.
  if (hours !== undefined) {
    return hours === "0" ? "UTC" : `Etc/GMT${sign === "+" ? "-" : "+"}${hours}`;
  }
  const known = MEANT.get(text.toUpperCase());
  if (known !== undefined || text === "") return known;
  const names = [...Intl.supportedValuesOf("timeZone"), "UTC"];
  if (names.includes(text)) return text;
  const place = text.replaceAll(" ", "_").toLowerCase();
  return names.find((name) => name.toLowerCase().endsWith(`/${place}`)) ?? suggest(text, names);
}
