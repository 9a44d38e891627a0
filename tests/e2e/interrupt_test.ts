import { equal, match, ok } from "../assert.ts";
import { join } from "node:path";
import { sleep } from "../../lib/sleep.ts";
import { inFolder } from "../cli/in_folder.ts";
import { commandOf } from "../program.ts";

const ORG = `--org ${"0f".repeat(32)}`;

/** Enough for each command to take several seconds. */
const RECORDS = 25_000;

/** Most milliseconds from the signal to the end. */
const PATIENCE_MS = 1000;

/** How a program ended, and what it wrote. */
type Ended = { readonly code: number; readonly signal: string | null; readonly output: string };

/** Starts archive, interrupts it while it works, and checks that it ends soon. */
async function interrupt(args: string, folder: string): Promise<Ended> {
  const { path, args: first } = commandOf("archive", ["-A"]);
  const program = new Deno.Command(path, {
    args: [...first, ...args.split(" ")],
    cwd: folder,
    env: { XDG_DATA_HOME: join(folder, "data"), XDG_CONFIG_HOME: folder, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = program.output();
  await sleep(1500);
  const since = performance.now();
  program.kill("SIGINT");
  const { signal } = await program.status;
  const took = performance.now() - since;
  ok(took < PATIENCE_MS, `${args} took ${took} ms to stop`);
  const { code, stdout, stderr } = await output;
  const texts = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, signal, output: texts.join("") };
}

Deno.test("archive stops within a second of Ctrl-C while it only reads or imports", async () => {
  await inFolder("archive", async (run, folder) => {
    const record = (n: number) =>
      JSON.stringify({
        eventid: "cowrie.login.failed",
        username: `user${n}`,
        password: `password${n}`,
        timestamp: "2026-03-14T03:00:02.5Z",
        sensor: "hp-1",
        session: `session${n}`,
        src_ip: "203.0.113.66",
      });
    const log = Array.from({ length: RECORDS }, (_, n) => record(n)).join("\n");
    await Deno.writeTextFile(join(folder, "log.json"), log);
    const importing = `import log.json --type cowrie ${ORG}`;
    // A shell says 130, too, of a program that the signal killed.
    const { code, output } = await interrupt(importing, folder);
    equal(code, 130, output);
    match(output, /^1 file: /m);
    match(output, /Stopped: 0 of 1 file imported\. Of the next one, log\.json, a part may be in/);
    match(output, /The same command goes on/);
    match(output, /To take that part back, too, let it end, then archive forget$/m);
    equal((await run(importing)).code, 0);
    for (const args of ["verify", "reparse cowrie --dry-run", "forget --type cowrie --dry-run"]) {
      const { signal } = await interrupt(args, folder);
      equal(signal, "SIGINT", `${args} had ended before, or after work that it should have left`);
    }
    equal((await run("verify")).code, 0);
  });
});
