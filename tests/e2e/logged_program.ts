import { deepEqual } from "../assert.ts";
import { until } from "./until.ts";

/** Milliseconds that a program may take to say something on a loaded machine. */
const PATIENCE = 60_000;

/** Lines of a log that name an entry or query that was set aside, or cannot be. */
const SET_ASIDE = /(?:Quarantined|Cannot be quarantined).* (?:entry|query)=("(?:[^"\\]|\\.)*"|\S+)/;

/** A program that runs, and everything that it has written to its log. */
export class LoggedProgram {
  readonly process: Deno.ChildProcess;
  #log = "";
  readonly #read: Promise<void>;

  constructor(process: Deno.ChildProcess) {
    this.process = process;
    this.#read = this.#readLog();
  }

  /** What it has written so far. */
  get log(): string {
    return this.#log;
  }

  async #readLog(): Promise<void> {
    for await (const chunk of this.process.stderr.pipeThrough(new TextDecoderStream())) {
      this.#log += chunk;
    }
  }

  async untilLogged(text: string): Promise<void> {
    const isLogged = () => Promise.resolve(this.#log.includes(text));
    await until(isLogged, PATIENCE, `The log does not contain ${JSON.stringify(text)}`);
  }

  kill(): Promise<number> {
    return this.stop("SIGKILL");
  }

  /** Tells the program to stop; returns its exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.process.kill(signal);
    const { code } = await this.process.status;
    await this.process.stdout.cancel();
    await this.#read;
    return code;
  }

  /** Asserts that the program named no entry or query twice as one that it set aside. */
  checkOnce(): void {
    const named = this.#log.split("\n").flatMap((line) => SET_ASIDE.exec(line)?.[1] ?? []);
    deepEqual(named.filter((id, i) => named.indexOf(id) !== i), []);
  }
}
