import { Rejected } from "../errors.ts";
import type { Child } from "../tahoe/children.ts";
import type { TahoeObject } from "../tahoe/instance.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import { type Address, readAddresses } from "./email/addresses.ts";
import { readBody } from "./email/body.ts";
import { readDate } from "./email/date.ts";
import { decodeWords } from "./email/encoded_words.ts";
import { type Part, readMessage } from "./email/message.ts";
import type { Filter, FilterResult, UploadSource } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";

/** Far more than mail has; bounds the work on hostile text. */
const MAX_RECIPIENTS = 10_000;

/**
 * One message of RFC 5322 in a text field `data` → one event `email` of `src`, `dst` for each
 * recipient, `reply_to`, `subject` and `body`, at the time of its Date. Read so that the hashes are
 * those of the existing system, which uses the email package of Python 3.8.
 */
export const email: Filter = { id: "6e52bc6a-af7f-41ea-8684-e39c42d4aa3f", read };

function read(data: Value, sent: UploadSource): FilterResult {
  const text = isFields(data) ? data["data"] : undefined;
  if (typeof text !== "string") {
    throw new Rejected("EVENTS_REJECTED", "A message is a text, or JSON with a text field data");
  }
  const collector = new InstanceCollector(sent);
  try {
    addEvent(collector, readMessage(text));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const reason = "The message is too large for documents of 16 MiB";
    throw new Rejected("EVENTS_REJECTED", reason, { cause });
  }
  return collector.result();
}

function addEvent(collector: InstanceCollector, message: Part): void {
  const header = (name: string) => message.headers.get(name) ?? "";
  const from = present("From", written(readAddresses(header("from"))));
  const to = readAddresses(header("to"));
  present("To", written(to));
  const subject = present("Subject", decodeWords(header("subject")));
  const timestamp = readDate(present("Date", header("date")));
  if (timestamp === undefined) throw new Rejected("EVENTS_REJECTED", "The Date cannot be read");
  const sender = decodeWords(header("x-mailgun-sending-ip"));
  const replyTo = written(readAddresses(header("reply-to")));

  const children: Child[] = [
    party(collector, "src", from, sender === "" ? [] : [collector.attribute("ipv4", sender)]),
    ...recipients(collector, to).map((recipient) => party(collector, "dst", recipient)),
    collector.attribute("subject", subject),
    collector.attribute("body", readBody(message)),
  ];
  if (replyTo !== "") {
    children.push(collector.object("reply_to", [collector.attribute("email_addr", replyTo)]));
  }
  collector.event("email", children, { timestamp });
}

function present(header: string, value: string): string {
  if (value === "") throw new Rejected("EVENTS_INVALID", `The message has no ${header}`);
  return value;
}

function written(addresses: readonly Address[]): string {
  return addresses.map(({ text }) => text).join(", ");
}

/** Each once. The members of a group stand for it if there are several. */
function recipients(collector: InstanceCollector, to: readonly Address[]): readonly string[] {
  const all = to.flatMap(({ text, members }) => members.length > 1 ? members : [text]);
  const readable = all.filter((text) => text !== "<>");
  // Like the existing system, that gives every mail a destination.
  if (readable.length === 0) return ["<>"];
  if (readable.length > MAX_RECIPIENTS) {
    throw new Rejected("EVENTS_REJECTED", `The message has more than ${MAX_RECIPIENTS} recipients`);
  }
  if (readable.length < all.length) {
    collector.skip("recipient without an address", all.length - readable.length);
  }
  return [...new Set(readable)];
}

/** `name <address>` or an address alone, and what else is known of it. */
function party(
  collector: InstanceCollector,
  subType: string,
  text: string,
  more: readonly Child[] = [],
): TahoeObject {
  const blank = text.endsWith(">") ? text.lastIndexOf(" ") : -1;
  const address = text.endsWith(">") ? text.slice(blank + 2, -1) : text;
  const names = blank > 0 ? [collector.attribute("name", text.slice(0, blank))] : [];
  return collector.object(subType, [...names, collector.attribute("email_addr", address), ...more]);
}
