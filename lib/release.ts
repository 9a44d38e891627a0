/**
 * Gives the memory of a buffer back now; all views of it are empty then. V8 collects large buffers
 * late, because they are not in its heap.
 */
export function release({ buffer }: Uint8Array<ArrayBuffer>): void {
  buffer.transfer(0);
}
