import { quote, writeJson } from "../../tahoe/json.ts";
import { type Fields, isFields } from "../../tahoe/value.ts";
import { REFERRED } from "../../typetags/stix/referred.ts";
import { joinBytes } from "../split/piece_buffer.ts";
import { CompactLog } from "./compact_log.ts";
import {
  type ConnectedLimits,
  type ConnectedPart,
  type RefusedRecord,
  tooLarge,
} from "./connected_part.ts";
import { findSpans } from "./find_spans.ts";
import type { Span } from "./json_walker.ts";
import { guessId, readFault, readRecord } from "./read_record.ts";
import type { SpanList } from "./span_list.ts";
import { StixFinder } from "./stix_finder.ts";
import { StixIndex } from "./stix_index.ts";
import type { PartDraft } from "./stix_part_draft.ts";
import { planParts } from "./stix_plan.ts";

/**
 * Splits STIX of any size into bundles that can be read by themselves: each repeats what the events
 * of its objects need of objects in other bundles. The events of all together are those of the whole.
 *
 * @throws {Rejected} ENTRY_INVALID when it is not JSON.
 */
export async function* splitStix(
  stream: AsyncIterable<Uint8Array>,
  limits: ConnectedLimits,
): AsyncIterable<ConnectedPart> {
  const log = new CompactLog();
  const finder = new StixFinder(log);
  await findSpans(stream, { log, finder });
  const index = new StixIndex((span) => readRecord(log, span) as Fields);
  yield* indexObjects(finder.objects, { index, log, ...limits });
  for (const part of planParts(index, limits)) {
    if ("tooLarge" in part) {
      const record = index.idOf(part.tooLarge) || `record ${part.tooLarge + 1}`;
      yield tooLarge(record, part.bytes, limits.maxBytes);
    } else {
      yield writePart(part, index, log);
    }
  }
  yield* packOthers(finder.others, { log, ...limits });
}

function* indexObjects(
  spans: SpanList,
  { index, log, maxBytes }: ConnectedLimits & {
    readonly index: StixIndex;
    readonly log: CompactLog;
  },
): Iterable<RefusedRecord> {
  for (let at = 0; at < spans.length; at++) {
    const span = spans.get(at);
    if (span.length > maxBytes) {
      yield tooLarge(guessId(log, span, at + 1), span.length, maxBytes);
      continue;
    }
    const object = tryRead(log, span);
    if (typeof object === "string") yield { record: guessId(log, span, at + 1), reason: object };
    else index.add(object, span);
  }
  spans.truncate(0);
  spans.trim();
  index.complete();
}

/** The object at a place, without any fields if it is something else; or why it cannot be read. */
function tryRead(log: CompactLog, span: Span): Fields | string {
  try {
    const value = readRecord(log, span);
    return isFields(value) ? value : {};
  } catch (error) {
    return readFault(error);
  }
}

function writePart(part: PartDraft, index: StixIndex, log: CompactLog): Uint8Array {
  const spans = [...part.own].flatMap((number) => index.spansOf(number))
    .sort((one, other) => one.start - other.start);
  const referred = part.referred.toSorted((one, other) => one - other);
  const isHere = (number: number) => part.own.has(number) || here.has(number);
  const here = new Set(referred);
  const copies = referred.map((number) => {
    const objects = index.referencesOf(number, "objects").filter(isHere);
    const object_refs = objects.map((one) => index.idOf(one));
    return writeJson({
      ...index.referredTo(number),
      ...(objects.length > 0 && { object_refs }),
    });
  });
  const names = part.named.map((number) => `{"id": ${quote(index.idOf(number))}}`);
  const encoder = new TextEncoder();
  const comma = encoder.encode(", ");
  return joinBytes([
    encoder.encode('{"type": "bundle", "objects": ['),
    ...spans.flatMap((span, at) => at === 0 ? [log.read(span)] : [comma, log.read(span)]),
    encoder.encode(`], "${REFERRED}": [${[...copies, ...names].join(", ")}]}`),
  ]);
}

/** Puts records that are not STIX behind empty bundles, so that they are rejected one by one. */
function* packOthers(
  spans: SpanList,
  { log, partBytes, maxBytes }: ConnectedLimits & { readonly log: CompactLog },
): Iterable<ConnectedPart> {
  const start = `[{"type": "bundle", "objects": [], "${REFERRED}": []}`;
  let text = start;
  for (let at = 0; at < spans.length; at++) {
    const span = spans.get(at);
    if (span.length > maxBytes) {
      yield tooLarge(guessId(log, span, at + 1), span.length, maxBytes);
      continue;
    }
    const other = new TextDecoder().decode(log.read(span));
    const record = typeof tryRead(log, span) === "string" ? quote(other) : other;
    if (text !== start && text.length + record.length > partBytes) {
      yield new TextEncoder().encode(`${text}]`);
      text = start;
    }
    text += `, ${record}`;
  }
  if (text !== start) yield new TextEncoder().encode(`${text}]`);
}
