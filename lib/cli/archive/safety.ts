import type { Command } from "commander";
import { writeText } from "../../write_text.ts";

/** Options of a command that deletes for good. */
export type SafetyOptions = { readonly dryRun?: true; readonly yes?: true };

/** Adds `--dry-run` and `--yes`. */
export function withSafety(command: Command): Command {
  return command
    .option("--dry-run", "say what would go, and change nothing")
    .option("-y, --yes", "do it without asking; needed where nobody can be asked");
}

/** Ends with exit code 2 if the command would delete and there is nobody to ask. */
export function checkSafety({ dryRun, yes }: SafetyOptions, command: Command): void {
  if (dryRun || yes || canAsk()) return;
  const name = command.name();
  command.error(
    `error: ${name} deletes for good, and there is no terminal to ask on: ` +
      `look at it with --dry-run, then add --yes`,
    { exitCode: 2 },
  );
}

/** Asks on the terminal whether to go on. Anything but `y` or `yes`, and a signal to stop, is a no. */
export async function isConfirmed(what: string, signal: AbortSignal): Promise<boolean> {
  writeText(Deno.stdout, `${what}\n\nDelete this for good? [y/N] `);
  const reader = Deno.stdin.readable.getReader();
  const stopped = new Promise<undefined>((resolve) =>
    signal.addEventListener("abort", () => resolve(undefined))
  );
  const answer = signal.aborted ? undefined : (await Promise.race([reader.read(), stopped]))?.value;
  return /^y(es)?$/i.test(new TextDecoder().decode(answer).trim());
}

function canAsk(): boolean {
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}
