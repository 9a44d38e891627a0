import { checkedEdgeEvent } from "../graph/edge_event.ts";
import type { EdgeEvent } from "../graph/edges.ts";
import { Fault } from "../tahoe/fault.ts";
import { damagedInstance } from "../tahoe/instance_fault.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import { hashOf } from "./key.ts";
import { DocumentReader, type DocumentRow } from "./read_documents.ts";
import type { Prepare, Row } from "./sqlite.ts";

/** An event as ThreatRank needs it, and what stands in place of its organisation. */
export type OwnedEdgeEvent = { readonly event: EdgeEvent; readonly orgid: Value | undefined };

/**
 * Reads the events at finite times in rows with the columns of a document.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when one cannot be read.
 */
export function readEdgeEvents(prepare: Prepare, rows: readonly Row[]): OwnedEdgeEvent[] {
  return new DocumentReader(prepare).readValues(rows)
    .map((document, i) => toEdgeEvent(document, rows[i] as unknown as DocumentRow))
    .filter(({ event }) => Number.isFinite(event.timestamp));
}

function toEdgeEvent(document: Value | Fault, row: DocumentRow): OwnedEdgeEvent {
  const key = hashOf(row.hash);
  if (document instanceof Fault) throw damagedInstance(key, document);
  const fields: { readonly [name: string]: Value | undefined } = isFields(document) ? document : {};
  const { _hash: hash = key, timestamp, category, _ref: references, orgid } = fields;
  const time = typeof timestamp === "bigint" ? Number(timestamp) : timestamp;
  return { event: checkedEdgeEvent({ hash, timestamp: time, category, references }), orgid };
}
