/**
 * A file whose text is replaced in one step, again and again: who reads it finds all of the old text
 * or all of the new one.
 *
 * Deno renames files only with leave to read them. So a worker does it, which may do nothing else,
 * and the program can give up reading.
 */
export class ReplacedFile implements Disposable {
  readonly path: string;
  readonly #worker: Worker;
  #task: PromiseWithResolvers<void> | undefined;
  /** What the worker died of. */
  #fault: Error | undefined;

  /** `mode`: the file's permissions. Throws Deno.errors.NotCapable without leave to read and write. */
  constructor(path: string, mode: number) {
    this.path = path;
    this.#worker = startWorker(path, mode);
    this.#worker.onmessage = ({ data: { fault } }: MessageEvent<{ readonly fault?: string }>) => {
      if (fault === undefined) this.#task?.resolve();
      else this.#task?.reject(new Error(fault));
    };
    this.#worker.onerror = (event) => {
      // Otherwise the program would die of it, too.
      event.preventDefault();
      this.#fault = new Error(event.message);
      this.#task?.reject(this.#fault);
    };
  }

  /** Rejects if the file cannot be written. One at a time: wait for the end before the next. */
  async replace(text: string): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    this.#task = Promise.withResolvers<void>();
    this.#worker.postMessage(text);
    await this.#task.promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

function startWorker(path: string, mode: number): Worker {
  const unfinished = `${path}.new`;
  const files = [path, unfinished];
  const parameters = [path, unfinished, mode].map((value) => JSON.stringify(value)).join();
  const source = `(${replaceFile})(${parameters}, self);`;
  return new Worker(`data:text/javascript,${encodeURIComponent(source)}`, {
    type: "module",
    deno: {
      permissions: {
        ...{ read: files, write: files },
        ...{ env: false, ffi: false, import: false, net: false, run: false, sys: false },
      },
    },
  });
}

/** What the worker runs: as it is no module of its own, an executable needs no second file. */
function replaceFile(path: string, unfinished: string, mode: number, program: Worker): void {
  program.onmessage = ({ data: text }) => {
    try {
      Deno.writeTextFileSync(unfinished, text, { mode });
      Deno.renameSync(unfinished, path);
      program.postMessage({});
    } catch (error) {
      program.postMessage({ fault: error instanceof Error ? error.message : String(error) });
    }
  };
}
