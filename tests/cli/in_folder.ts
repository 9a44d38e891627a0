import { join } from "node:path";
import { commandOf } from "../program.ts";

/** Environment variables that the programs may read; with SQLite they need no others. */
const VARIABLES = [
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

/** Result of a program that has ended. */
export type ProgramResult = { readonly code: number; readonly out: string; readonly err: string };
/** Runs a program with arguments that are separated by spaces. */
export type Run = (args: string, stdin?: string) => Promise<ProgramResult>;

/** Runs a function with a program in a temporary folder, which also contains its data. */
export async function inFolder(
  program: "archive" | "report",
  work: (run: Run, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const run: Run = (args, stdin) => runProgram(program, args.split(" "), { folder, stdin });
    await work(run, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a program in a folder, with permissions for nothing else. */
export async function runProgram(
  program: "archive" | "report",
  args: readonly string[],
  { folder, stdin = "" }: { readonly folder: string; readonly stdin?: string | undefined },
): Promise<ProgramResult> {
  const command = commandOf(program, [
    "--no-prompt",
    "--allow-read",
    // Tests must not use the databases of an installation on this machine.
    "--deny-read=/etc/cybexp",
    `--allow-write=${folder}`,
    `--allow-env=${VARIABLES.join(",")}`,
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
