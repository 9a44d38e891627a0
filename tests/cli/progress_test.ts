import { deepEqual, match } from "../assert.ts";
import { fileURLToPath } from "node:url";

const PROGRESS = new URL("../../lib/cli/progress.ts", import.meta.url).href;

/** Runs code on a terminal that `script` makes; returns what it writes there. */
async function onTerminal(code: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, code);
    const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
    const command = `${Deno.execPath()} run -A --quiet --config ${config} ${file}`;
    const { stdout } = await new Deno.Command("script", {
      args: ["-qec", command, "/dev/null"],
    }).output();
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("a progress bar that is cut short leaves the terminal as it was", async () => {
  const written = await onTerminal(`
    import { startProgress } from ${JSON.stringify(PROGRESS)};
    startProgress("Working", 3).add(1);
    setTimeout(() => Deno.kill(Deno.pid, "SIGINT"), 500);
  `);
  match(written, /Working/);
  const sequences = ["[?7l", "[?25l"].filter((code) => written.includes(`\u001b${code}`));
  deepEqual(sequences, [], "line wrap or cursor was turned off");
});
