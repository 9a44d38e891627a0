import { type Mailbox, readAddressList, unreadableAddresses } from "./address_list.ts";
import { decodeEscapedBytes } from "./encoded_words.ts";
import { Scanner } from "./scanner.ts";

// Characters that need quotation marks in a name and in a local part: RFC 5322, sections 3.2.3 and 4.1.
const SPECIAL_IN_NAME = '()<>@,:;.\\"[]';
const SPECIAL_IN_LOCAL_PART = '()<>@,:;\\"[] \t';

/** An address of a header (RFC 5322, section 3.4): a mailbox, or a group of them. */
export type Address = {
  /** `name <local@domain>`, `local@domain` or `group: member, member;`. */
  readonly text: string;
  /** The members of a group; for a mailbox, its own text alone. */
  readonly members: readonly string[];
};

/**
 * The addresses of a header such as To, between commas or other separators, without comments, with
 * encoded words decoded, and with quotation marks only where they are needed. An address that is empty
 * or cannot be read is `<>`.
 *
 * @throws {Rejected} EVENTS_REJECTED when the header breaks off within an address, text follows a
 * group, or an encoded word contains a line break.
 */
export function readAddresses(header: string, separators = ","): readonly Address[] {
  return readAddressList(new Scanner(header), separators).map((address) => {
    if (!("members" in address)) {
      const text = formatMailbox(address);
      return { text, members: [text] };
    }
    const members = address.members.map(formatMailbox);
    const name = decodeEscapedBytes(quoteIfNeeded(address.name, SPECIAL_IN_NAME));
    return { text: `${name}:${members.map((member) => ` ${member}`).join(",")};`, members };
  });
}

function formatMailbox({ name, local, domain }: Mailbox): string {
  if (/[\r\n]/.test(name + local + domain)) throw unreadableAddresses("it contains a line break");
  const at = domain === "" ? "" : `@${domain}`;
  const address = quoteIfNeeded(local, SPECIAL_IN_LOCAL_PART) + at;
  if (name === "") return decodeEscapedBytes(address || "<>");
  return decodeEscapedBytes(`${quoteIfNeeded(name, SPECIAL_IN_NAME)} <${address}>`);
}

/** Puts a string into quotation marks if it contains one of the special characters. */
function quoteIfNeeded(text: string, special: string): string {
  if (![...special].some((character) => text.includes(character))) return text;
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
