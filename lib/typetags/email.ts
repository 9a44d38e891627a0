import { Rejected } from "../errors.ts";
import type { Child } from "../tahoe/children.ts";
import type { Attribute } from "../tahoe/instance.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import { type Address, readAddresses } from "./email/addresses.ts";
import { readBody } from "./email/body.ts";
import { readDate } from "./email/date.ts";
import { decodeEncodedWords } from "./email/encoded_words.ts";
import { splitMbox } from "./email/mbox.ts";
import { type MimePart, readMessage } from "./email/message.ts";
import type { Filter, FilterResult, UploadSource } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";

/** Far more than mail has; limits the work on hostile text. */
const MAX_RECIPIENTS = 10_000;

/**
 * Reads a message (RFC 5322), or those of an mbox file, in a text field `data`. Each becomes one event
 * `email` of `src`, a `dst` for each recipient, `reply_to`, `subject` and `body`, at the time of its
 * Date header. The hashes
 * are those of the existing system, which uses the email package of Python 3.8.
 */
export const EMAIL_FILTER: Filter = { id: "6e52bc6a-af7f-41ea-8684-e39c42d4aa3f", read };

function read(data: Value, source: UploadSource): FilterResult {
  const text = isFields(data) ? data["data"] : undefined;
  if (typeof text !== "string") {
    throw new Rejected(
      "EVENTS_REJECTED",
      "The data is neither the text of a message nor JSON with that text in its field data",
    );
  }
  const collector = new InstanceCollector(source);
  collector.readRecords(splitMbox(text), readRecord);
  return collector.result();
}

function readRecord(text: string, collector: InstanceCollector): void {
  try {
    // Blank lines before the first header, as somebody who pasted a message may have left them.
    addEvent(collector, readMessage(text.replace(/^(?:[ \t]*\r?\n)+/, "")));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const reason = "The message is too large for documents of 16 MiB";
    throw new Rejected("EVENTS_REJECTED", reason, { cause });
  }
}

function addEvent(collector: InstanceCollector, message: MimePart): void {
  const header = (name: string) => message.headers.get(name) ?? "";
  const from = required("From", joinAddresses(readAddresses(header("from"))));
  // Programs that write lists as Outlook shows them put semicolons between the recipients.
  const to = readAddresses(header("to"), ",;");
  required("To", joinAddresses(to));
  const subject = required("Subject", decodeEncodedWords(header("subject")));
  const timestamp = readDate(required("Date", header("date")));
  if (timestamp === undefined) throw new Rejected("EVENTS_REJECTED", "The Date cannot be read");
  const sender = decodeEncodedWords(header("x-mailgun-sending-ip"));
  const replyTo = joinAddresses(readAddresses(header("reply-to")));

  const senderIp = sender === "" ? [] : [collector.attribute("ipv4", sender)];
  const children: Child[] = [
    collector.object("src", [...addressAttributes(collector, from), ...senderIp]),
    ...recipients(collector, to).map((recipient) =>
      collector.object("dst", addressAttributes(collector, recipient))
    ),
    collector.attribute("subject", subject),
    collector.attribute("body", readBody(message)),
  ];
  if (replyTo !== "") {
    children.push(collector.object("reply_to", [collector.attribute("email_addr", replyTo)]));
  }
  collector.event("email", children, { timestamp });
}

/** The value of a header that a message must have. */
function required(header: string, value: string): string {
  if (value === "") throw new Rejected("EVENTS_INVALID", `The message has no ${header}`);
  return value;
}

function joinAddresses(addresses: readonly Address[]): string {
  return addresses.map(({ text }) => text).join(", ");
}

/** The recipients, each once. A group of several members is replaced by its members. */
function recipients(collector: InstanceCollector, to: readonly Address[]): readonly string[] {
  const all = to.flatMap(({ text, members }) => members.length > 1 ? members : [text]);
  const readable = all.filter((text) => text !== "<>");
  // Every mail gets a destination, as in the existing system.
  if (readable.length === 0) return ["<>"];
  if (readable.length > MAX_RECIPIENTS) {
    throw new Rejected("EVENTS_REJECTED", `The message has more than ${MAX_RECIPIENTS} recipients`);
  }
  if (readable.length < all.length) {
    collector.skip("recipient without an address", all.length - readable.length);
  }
  return [...new Set(readable)];
}

/** The name, if there is one, and the address of `name <address>` or of an address alone. */
function addressAttributes(collector: InstanceCollector, text: string): readonly Attribute[] {
  const space = text.endsWith(">") ? text.lastIndexOf(" ") : -1;
  const address = text.endsWith(">") ? text.slice(space + 2, -1) : text;
  const names = space > 0 ? [collector.attribute("name", text.slice(0, space))] : [];
  return [...names, collector.attribute("email_addr", address)];
}
