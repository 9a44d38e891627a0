import type { Command } from "commander";
import { writeText } from "../write_text.ts";

/** Options of a command that asks before it takes something away. */
export type SafetyOptions = { readonly dryRun?: true; readonly yes?: true };

/** Adds `--dry-run` and `--yes`. */
export function withSafety(command: Command): Command {
  return command
    .option("--dry-run", "say what would go, and change nothing")
    .option("-y, --yes", "do it without asking; needed where nobody can be asked");
}

/**
 * Ends with exit code 2 if the command would take something away and there is nobody to ask. `deed`
 * says what the command does, such as "forget deletes for good".
 */
export function checkSafety(
  { dryRun, yes, deed }: SafetyOptions & { readonly deed: string },
  command: Command,
): void {
  if (dryRun || yes || canAsk()) return;
  command.error(
    `error: ${deed}, and there is no terminal to ask on: ` +
      `look at it with --dry-run, then add --yes`,
    { exitCode: 2 },
  );
}

/** Asks on the terminal whether to go on. Anything but `y` or `yes`, and a signal to stop, is a no. */
export async function isConfirmed(
  what: string,
  { question, signal }: { readonly question: string; readonly signal: AbortSignal },
): Promise<boolean> {
  writeText(Deno.stdout, `${what}\n\n${question} [y/N] `);
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
