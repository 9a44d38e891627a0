import { equal } from "../assert.ts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sleep } from "../../lib/sleep.ts";
import type { Installation } from "./installation.ts";

const never = new AbortController().signal;

/**
 * Runs a program of this folder repeatedly until all work is done. Its arguments are the configuration
 * file, a worker name that is different each time, and `args`. Returns how often it was aborted.
 */
export async function runUntilDone(
  { folder }: Installation,
  { program, args = [], isDone }: {
    readonly program: string;
    readonly args?: readonly string[];
    readonly isDone: () => Promise<boolean>;
  },
): Promise<number> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  let aborted = 0;
  for (let number = 0; !await isDone(); number++) {
    const { signal, code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", path, join(folder, "config.json"), `w ${number}`, ...args],
      // An abort may leave a core file here.
      cwd: folder,
    }).output();
    if (signal === "SIGABRT") aborted++;
    else equal(code, 0, new TextDecoder().decode(stderr));
    await sleep(200, never);
  }
  return aborted;
}
