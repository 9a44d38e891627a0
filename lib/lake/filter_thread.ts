import type { Hash } from "../tahoe/instance.ts";
import type { PackedInstances } from "../tahoe/instances.ts";
import type { ImportCounts } from "./import_counts.ts";
import type { InputFields, ReadableInput } from "./parse_input.ts";

/** An input to parse and filter. */
export type FilterRequest = { readonly input: ReadableInput; readonly fields: InputFields };

/** An input after its filter ran in another thread. */
export type PackedUpload = {
  /** Hash of the Raw. */
  readonly ref: Hash;
  /** The instances to store, children first, the Raw last. */
  readonly instances: PackedInstances;
  readonly counts: ImportCounts;
};

/** Empty if no events can be made of the input. */
export type FilterResponse = { readonly packed?: PackedUpload };

/**
 * Another thread, in which inputs are parsed and filtered while this one stores what was made of
 * those before. It may do nothing but that: it has no permissions.
 */
export class FilterThread implements Disposable {
  readonly #worker: Worker;
  /** Responses that are to come, in the order of the requests. */
  readonly #awaited: PromiseWithResolvers<PackedUpload | undefined>[] = [];

  constructor() {
    this.#worker = new Worker(new URL("./filter_worker.ts", import.meta.url), {
      type: "module",
      deno: { permissions: "none" },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<FilterResponse>) =>
      this.#awaited.shift()!.resolve(data.packed);
    this.#worker.onerror = (event) => {
      // Without this the error would end the program.
      event.preventDefault();
      for (const { reject } of this.#awaited.splice(0)) reject(new Error(event.message));
    };
  }

  /**
   * Parses an input of a typetag that has a filter, and runs the filter. Undefined if no events can be
   * made of it: then whoever parses and filters it again learns why.
   */
  filter({ input, fields }: FilterRequest): Promise<PackedUpload | undefined> {
    const response = Promise.withResolvers<PackedUpload | undefined>();
    // Whoever awaits the response gets the error; until then it is nobody's.
    response.promise.catch(() => {});
    this.#awaited.push(response);
    // The bytes may be a part of a larger buffer, which would be sent as a whole. Of a Buffer of
    // Node, slice() would be no copy.
    const data = new Uint8Array(input.data);
    this.#worker.postMessage({ input: { ...input, data }, fields }, [data.buffer]);
    return response.promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
