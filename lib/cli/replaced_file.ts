/**
 * A file whose text is replaced in one step, as often as needed: a reader sees either all of the
 * old text or all of the new one.
 *
 * Deno renames files only with permission to read them. So a worker that may do nothing else
 * renames the file, and the program can give up reading.
 */
export class ReplacedFile implements Disposable {
  readonly path: string;
  readonly #worker: Worker;
  #replacement: PromiseWithResolvers<void> | undefined;
  /** The error that ended the worker. */
  #fault: Error | undefined;

  /**
   * Starts the worker. `mode` gives the file's permissions, such as 0o644.
   *
   * @throws {Deno.errors.NotCapable} when the program has no permission to read or write the file.
   */
  constructor(path: string, mode: number) {
    this.path = path;
    this.#worker = startWorker(path, mode);
    this.#worker.onmessage = ({ data: { fault } }: MessageEvent<{ readonly fault?: string }>) => {
      if (fault === undefined) this.#replacement?.resolve();
      else this.#replacement?.reject(new Error(fault));
    };
    this.#worker.onerror = (event) => {
      // Without this the error would end the program as well.
      event.preventDefault();
      this.#fault = new Error(event.message);
      this.#replacement?.reject(this.#fault);
    };
  }

  /** Replaces the text. Rejects if the file cannot be written. Await each call before the next. */
  async replace(text: string): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    this.#replacement = Promise.withResolvers<void>();
    this.#worker.postMessage(text);
    await this.#replacement.promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

type FileOptions = {
  readonly path: string;
  /** Path of the new text until it is complete. */
  readonly unfinished: string;
  readonly mode: number;
};

function startWorker(path: string, mode: number): Worker {
  const options: FileOptions = { path, unfinished: `${path}.new`, mode };
  const files = [path, options.unfinished];
  const source = `(${replaceFile})(${JSON.stringify(options)}, self);`;
  return new Worker(`data:text/javascript,${encodeURIComponent(source)}`, {
    type: "module",
    deno: {
      permissions: {
        read: files,
        write: files,
        env: false,
        ffi: false,
        import: false,
        net: false,
        run: false,
        sys: false,
      },
    },
  });
}

/** Code of the worker. It is not a module of its own, so an executable needs no second file. */
function replaceFile({ path, unfinished, mode }: FileOptions, program: Worker): void {
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
