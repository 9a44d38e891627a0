/** What a whole command took. */
export type CommandRun = {
  readonly seconds: number;
  readonly peakRssMiB: number;
  /** Bytes that the process had written to disk when it was last looked at, shortly before its end. */
  readonly writtenBytes: number;
};

/** Milliseconds between two looks at a running process. */
const LOOK_EVERY = 50;

/**
 * Runs one of our programs, from source, to its end.
 *
 * @throws {Error} when it fails.
 */
export async function runCommand(
  program: "archive" | "report",
  args: readonly string[],
): Promise<CommandRun> {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", new URL(`../${program}.ts`, import.meta.url).pathname, ...args],
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let seen = { peakRssMiB: 0, writtenBytes: 0 };
  const timer = setInterval(() => {
    seen = look(child.pid) ?? seen;
  }, LOOK_EVERY);
  const { success } = await child.status;
  clearInterval(timer);
  if (!success) throw new Error(`${program} ${args[0]} failed`);
  return { seconds: (performance.now() - start) / 1000, ...seen };
}

/** What Linux says of a process; undefined if it has ended. */
function look(pid: number): Omit<CommandRun, "seconds"> | undefined {
  try {
    const [, kibibytes] = /VmHWM:\s*(\d+) kB/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))!;
    const [, bytes] = /^write_bytes: (\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/io`))!;
    return { peakRssMiB: Number(kibibytes) / 1024, writtenBytes: Number(bytes) };
  } catch {
    return undefined;
  }
}
