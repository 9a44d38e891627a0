import { join } from "node:path";
import { commandOf } from "../program.ts";

/** What the program reads of the environment with SQLite; nothing else may be needed. */
const variables = [
  "CYBEXP_*",
  "CREDENTIALS_DIRECTORY",
  "HOME",
  "JOURNAL_STREAM",
  "NOTIFY_SOCKET",
  "NO_COLOR",
  "TINYGLOBBY_DEBUG",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
];

export type Ended = { readonly code: number; readonly out: string; readonly err: string };
export type Run = (args: string, stdin?: string) => Promise<Ended>;

/** A folder in which a program runs, with a data folder of its own. */
export async function inFolder(
  program: "archive" | "report",
  work: (run: Run, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work((args, stdin) => runProgram(program, folder, args.split(" "), stdin), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

export async function runProgram(
  program: "archive" | "report",
  folder: string,
  args: readonly string[],
  stdin = "",
): Promise<Ended> {
  const command = commandOf(program, [
    "--no-prompt",
    "--allow-read",
    // Tests must not work on the databases of this machine's own installation.
    "--deny-read=/etc/cybexp",
    `--allow-write=${folder}`,
    `--allow-env=${variables.join(",")}`,
    "--allow-sys=hostname",
  ]);
  const child = new Deno.Command(command.path, {
    args: [...command.args, ...args],
    cwd: folder,
    env: { XDG_DATA_HOME: join(folder, "data"), XDG_CONFIG_HOME: folder, NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
  return { code, out: decode(stdout), err: decode(stderr) };
}
