import type { Command } from "commander";

/** Ends the program with exit code 2. */
export function wrongUsage(command: Command, message: string): never {
  command.error(`error: ${message}`, { exitCode: 2 });
}
