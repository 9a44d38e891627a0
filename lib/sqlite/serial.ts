import type { Serial } from "../graph/graph.ts";

/** Digits of an id as a serial. */
const SERIAL_DIGITS = 16;

/** The serial of the row with an id: ids grow. */
export function toSerial(id: unknown): Serial {
  return String(id).padStart(SERIAL_DIGITS, "0");
}

/** The id in a serial; of what is none here, such as MongoDB's that a client kept, 0: before all. */
export function fromSerial(serial: Serial): number {
  return serial.length === SERIAL_DIGITS && /^\d+$/.test(serial) ? Number(serial) : 0;
}
