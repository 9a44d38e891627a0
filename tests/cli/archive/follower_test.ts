import { deepEqual, equal } from "../../assert.ts";
import { join } from "node:path";
import fc from "fast-check";
import { nowSeconds } from "../../../lib/clock.ts";
import { Follower, type GrowingFile } from "../../../lib/cli/archive/follower.ts";
import { MemoryPositions } from "./memory_positions.ts";

/** A log that is written, rotated and followed. */
class FollowedLog {
  readonly path: string;
  readonly #folder: string;
  readonly positions = new MemoryPositions();
  /** Imported lines by offset and text: like Raws, equal ones are one. */
  readonly imported = new Set<string>();
  written = 0;
  #rotations = 0;
  #unfinished = "";
  /** Whether the next import is killed before or after it is done. */
  kill: "before" | "after" | undefined;
  /** Positions that the followers could not read. */
  readonly faulty: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, "log.json");
    Deno.writeTextFileSync(this.path, "");
  }

  append(lines: number): void {
    let text = "";
    for (let line = 0; line < lines; line++) {
      text += `${this.#unfinished === "" ? this.#line() : this.#unfinished}\n`;
      this.#unfinished = "";
    }
    Deno.writeTextFileSync(this.path, text, { append: true });
  }

  appendHalf(): void {
    if (this.#unfinished !== "") return;
    const line = this.#line();
    Deno.writeTextFileSync(this.path, line.slice(0, 9), { append: true });
    this.#unfinished = line.slice(9);
  }

  #line(): string {
    return `{"line": ${this.written++}, "x": "${"y".repeat(this.written % 50)}"}`;
  }

  #finish(): void {
    if (this.#unfinished !== "") this.append(1);
  }

  rename(): void {
    this.#finish();
    Deno.renameSync(this.path, join(this.#folder, `log.json.${++this.#rotations}`));
    Deno.writeTextFileSync(this.path, "");
  }

  copyTruncate(): void {
    this.#finish();
    Deno.copyFileSync(this.path, join(this.#folder, `log.json.${++this.#rotations}`));
    Deno.truncateSync(this.path);
  }

  /** Looks at all files once, with a new follower, as after a restart. */
  async look(): Promise<void> {
    const follower = new Follower({
      positions: this.positions,
      source: "s",
      onFaulty: ({ id }) => this.faulty.push(id),
      now: nowSeconds,
      signal: new AbortController().signal,
      // deno-lint-ignore require-await -- a kill must reject
      importLines: async ({ data }) => {
        const { kill } = this;
        this.kill = undefined;
        if (kill === "before") throw new Error("killed");
        this.imported.add(new TextDecoder().decode(data));
        if (kill === "after") throw new Error("killed");
      },
    });
    try {
      const files = this.#files();
      await follower.advance(files, new Map(files.map(({ identity, path }) => [identity, path])));
    } catch (error) {
      equal((error as Error).message, "killed");
    }
  }

  #files(): GrowingFile[] {
    const names = [...Deno.readDirSync(this.#folder)].map(({ name }) => name).sort();
    return names.map((name) => {
      const path = join(this.#folder, name);
      const { dev, ino } = Deno.statSync(path);
      const isLog = name === "log.json";
      return {
        path,
        identity: `${dev}:${ino}`,
        ended: !isLog,
        begin: ({ modified, since }) => isLog || modified > since - 0.1 ? "cowrie" : undefined,
      };
    });
  }

  /** Numbers of all imported lines, in order; a line that was imported twice is there twice. */
  lines(): number[] {
    return [...this.imported].flatMap((text) => text.split("\n"))
      .filter((line) => line !== "").map((line) => JSON.parse(line).line)
      .sort((a, b) => a - b);
  }
}

const actions = fc.array(
  fc.oneof(
    fc.nat(5).map((lines) => (log: FollowedLog) => log.append(lines)),
    fc.constantFrom(
      (log: FollowedLog) => log.appendHalf(),
      (log: FollowedLog) => log.rename(),
      (log: FollowedLog) => log.copyTruncate(),
      (log: FollowedLog) => log.look(),
      (log: FollowedLog) => log.look(),
      (log: FollowedLog) => {
        log.kill = "before";
        return log.look();
      },
      (log: FollowedLog) => {
        log.kill = "after";
        return log.look();
      },
      (log: FollowedLog) => {
        log.positions.failures = 1;
        return log.look();
      },
    ),
  ),
  { maxLength: 30 },
);

async function withLog(work: (log: FollowedLog) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(new FollowedLog(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("Follower imports each line once, over rotation, truncation and kills", async () => {
  await fc.assert(
    fc.asyncProperty(actions, async (steps) => {
      await withLog(async (log) => {
        log.append(1);
        await log.look();
        for (const step of steps) await step(log);
        log.append(1);
        log.kill = undefined;
        log.positions.failures = 0;
        await log.look();
        await log.look();
        deepEqual(log.lines(), Array.from({ length: log.written }, (_, line) => line));
      });
    }),
    { numRuns: 200 },
  );
});

Deno.test("Follower leaves half a line until it is whole, and takes one that is without an end", async () => {
  await withLog(async (log) => {
    log.append(2);
    log.appendHalf();
    await log.look();
    deepEqual(log.lines(), [0, 1]);
    log.append(1);
    Deno.writeTextFileSync(log.path, '{"line": 3}', { append: true });
    await log.look();
    deepEqual(log.lines(), [0, 1, 2, 3]);
    Deno.writeTextFileSync(log.path, '\n{"line": 4}\n', { append: true });
    await log.look();
    deepEqual(log.lines(), [0, 1, 2, 3, 4]);
  });
});

Deno.test("Follower starts again when a log is cut off and written anew, however long it is", async () => {
  await withLog(async (log) => {
    log.append(20);
    await log.look();
    Deno.truncateSync(log.path);
    log.append(40);
    await log.look();
    equal(log.lines().length, 60);
  });
});

Deno.test("Follower reads files again from the start if their positions cannot be read", () =>
  withLog(async (log) => {
    log.append(3);
    await log.look();
    log.rename();
    log.append(2);
    await log.look();
    log.imported.clear();
    log.positions.damage();
    await log.look();
    deepEqual(log.lines(), [0, 1, 2, 3, 4]);
    equal(log.faulty.length, 2);
    log.append(1);
    await log.look();
    deepEqual(log.lines(), [0, 1, 2, 3, 4, 5]);
  }));

Deno.test("Follower leaves files alone that were there before", async () => {
  await withLog(async (log) => {
    log.append(3);
    log.rename();
    await Deno.utime(`${log.path}.1`, 1_600_000_000, 1_600_000_000);
    log.append(2);
    await log.look();
    await log.look();
    deepEqual(log.lines(), [3, 4]);
  });
});

Deno.test("Follower imports large growth in parts of at most 1 MiB", async () => {
  await withLog(async (log) => {
    log.append(70_000);
    await log.look();
    equal(log.lines().length, 70_000);
    equal(log.imported.size > 1, true);
    for (const { length } of log.imported) equal(length <= 1024 ** 2, true);
  });
});
