import { equal } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sleep } from "../../lib/sleep.ts";
import type { Installation } from "./installation.ts";

const never = new AbortController().signal;

/**
 * Runs a program of this folder again and again until all is done, with the configuration file, a
 * name of its own and the arguments; returns how often it was aborted.
 */
export async function runUntilDone(
  { folder }: Installation,
  program: string,
  args: readonly string[],
  done: () => Promise<boolean>,
): Promise<number> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  let aborted = 0;
  for (let number = 0; !await done(); number++) {
    const { signal, code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", path, join(folder, "config.json"), `w ${number}`, ...args],
      // Where an abort would leave a core file.
      cwd: folder,
    }).output();
    if (signal === "SIGABRT") aborted++;
    else equal(code, 0, new TextDecoder().decode(stderr));
    await sleep(200, never);
  }
  return aborted;
}
