import type { Cutter } from "./cutter.ts";
import { joinBytes } from "./piece_buffer.ts";

const LINE_FEED = 0x0a;

/** Cuts after line feeds; `header` is put before each part but the first. */
export function lineCutter(header: Uint8Array = new Uint8Array()): Cutter {
  let isFirst = true;
  const withHeader = (bytes: Uint8Array) => {
    const data = isFirst ? bytes.slice() : joinBytes([header, bytes]);
    isFirst = false;
    return data;
  };
  return {
    overhead: header.length,
    cut(bytes, limit) {
      const room = isFirst ? limit : limit - header.length;
      const next = lineEnd(bytes, room);
      return next === undefined ? undefined : { data: withHeader(bytes.subarray(0, next)), next };
    },
    count: (bytes) => bytes.reduce((lines, byte) => byte === LINE_FEED ? lines + 1 : lines, 1),
    last: (bytes) => isBlank(bytes) ? undefined : withHeader(bytes),
  };
}

/** Where the last line that fits `room` bytes ends, or the first line if it is longer. */
function lineEnd(bytes: Uint8Array, room: number): number | undefined {
  const last = room < 1 ? -1 : bytes.lastIndexOf(LINE_FEED, room - 1);
  const end = last >= 0 ? last : bytes.indexOf(LINE_FEED);
  return end < 0 ? undefined : end + 1;
}

/** Whether there is nothing but white space. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
