import { equal, ok } from "../assert.ts";
import { join } from "node:path";
import { sleep } from "../../lib/sleep.ts";
import { inFolder } from "../cli/in_folder.ts";
import { commandOf } from "../program.ts";

const ORG = `--org ${"0f".repeat(32)}`;

/** Enough for each command to take several seconds. */
const RECORDS = 25_000;

/** Most milliseconds from the signal to the end. */
const PATIENCE_MS = 1000;

/** Starts archive, interrupts it while it works, and checks that it ends soon, and by the signal. */
async function interrupt(args: string, folder: string): Promise<void> {
  const { path, args: first } = commandOf("archive", ["-A"]);
  const program = new Deno.Command(path, {
    args: [...first, ...args.split(" ")],
    cwd: folder,
    env: { XDG_DATA_HOME: join(folder, "data"), XDG_CONFIG_HOME: folder, NO_COLOR: "1" },
    stdout: "null",
    stderr: "null",
  }).spawn();
  await sleep(1500);
  const since = performance.now();
  program.kill("SIGINT");
  const { signal } = await program.status;
  const took = performance.now() - since;
  equal(signal, "SIGINT", `${args} had ended before, or after work that it should have left`);
  ok(took < PATIENCE_MS, `${args} took ${took} ms to stop`);
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
    await interrupt(importing, folder);
    equal((await run(importing)).code, 0);
    for (const args of ["verify", "reparse cowrie --dry-run", "forget --type cowrie --dry-run"]) {
      await interrupt(args, folder);
    }
    equal((await run("verify")).code, 0);
  });
});
