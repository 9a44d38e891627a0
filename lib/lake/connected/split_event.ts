import { parseJson, writeJson } from "../../tahoe/json.ts";
import { type Fields, isFields } from "../../tahoe/value.ts";
import { referredMember, repeatedHeader } from "../../typetags/misp/referred.ts";
import type { CompactLog } from "./compact_log.ts";
import { type ConnectedLimits, type ConnectedPart, tooLarge } from "./connected_part.ts";
import { EventPart } from "./misp_event_part.ts";
import { type LargeEvent, MEMBER_LISTS, type MispMember } from "./misp_finder.ts";
import { MispReferences } from "./misp_references.ts";
import { guessId, readFault, readText } from "./read_record.ts";

type EventOptions = ConnectedLimits & { readonly log: CompactLog };

/**
 * Splits a large event between the members of its lists: each part is an event of the same UUID with
 * some of them. The parts repeat what the events of their members need: the event's own fields, and
 * what references are about.
 */
export function* splitEvent(
  event: LargeEvent,
  { log, partBytes, maxBytes }: EventOptions,
): Iterable<ConnectedPart> {
  const header = [...event.header].map(([name, span]) =>
    `${JSON.stringify(name)}: ${readText(log, span)}`
  );
  const whole = `{${header.join(", ")}}`;
  if (whole.length > maxBytes) {
    return yield tooLarge(guessId(log, event, 1), whole.length, maxBytes);
  }
  const repeated = writeJson(repeatedHeader(parseJson(whole) as Fields));
  const members = MEMBER_LISTS.flatMap((name) => event.members.filter(({ list }) => list === name));
  const references = new MispReferences();
  const refused = new Set<number>();
  for (const [index, member] of members.entries()) {
    const fields = tryRead(log, member, maxBytes);
    if (typeof fields === "string") {
      refused.add(index);
      yield { record: guessId(log, member, index + 1), reason: fields };
    } else if (member.list === "Attribute" || member.list === "Object") {
      references.add(index, fields);
    }
  }
  let part = new EventPart(members, references);
  let start = whole;
  for (const index of members.keys()) {
    if (refused.has(index)) continue;
    const alone = new EventPart(members, references).sizeWith(index);
    if (alone > maxBytes) {
      yield tooLarge(guessId(log, members[index]!, index + 1), alone, maxBytes);
      continue;
    }
    if (part.own.size > 0 && part.sizeWith(index) > partBytes) {
      yield writePart(start, part, { members, log });
      part = new EventPart(members, references);
      start = repeated;
    }
    part.add(index);
  }
  yield writePart(start, part, { members, log });
}

function writePart(
  header: string,
  part: EventPart,
  { members, log }: { readonly members: readonly MispMember[]; readonly log: CompactLog },
): Uint8Array {
  const own = [...part.own].map((index) => ({
    list: members[index]!.list,
    text: readText(log, members[index]!),
  }));
  const copies = part.copies.map((index) => ({
    list: members[index]!.list,
    text: writeJson(referredMember(parseJson(readText(log, members[index]!)) as Fields)),
  }));
  // Of several members of one UUID, references are about the last: copies come last.
  const lists = Map.groupBy([...own, ...copies], ({ list }) => list);
  const texts = [...lists].map(([list, members]) =>
    `"${list}": [${members.map(({ text }) => text).join(", ")}]`
  );
  const fields = header === "{}" ? [] : [header.slice(1, -1)];
  return new TextEncoder().encode(`{"Event": {${[...fields, ...texts].join(", ")}}}`);
}

/** A member, without fields if it is something else; or why it cannot be read. */
function tryRead(log: CompactLog, member: MispMember, maxBytes: number): Fields | string {
  if (member.length > maxBytes) return `it has more than ${maxBytes} bytes`;
  try {
    const value = parseJson(readText(log, member), { maxDepth: 60 });
    return isFields(value) ? value : {};
  } catch (error) {
    return readFault(error);
  }
}
