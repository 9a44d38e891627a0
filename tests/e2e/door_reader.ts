// A program for door_test.ts. Opens the door as `report serve` does, and then tries to read and write
// files and to start programs. Writes as JSON why it could not. Takes the same arguments as report.
import { readFileSync } from "node:fs";
import { runProgram } from "../../lib/cli/program.ts";
import { serveCommand } from "../../lib/cli/report/serve.ts";
import { sleep } from "../../lib/sleep.ts";
import { databases } from "../../stores.ts";

const config = Deno.args[Deno.args.indexOf("--config") + 1]!;
const key = config.replace("config.json", "priv.pem");

const WAYS: { readonly [way: string]: () => unknown } = {
  "read the key": () => Deno.readTextFileSync(key),
  "read the key as Node does": () => readFileSync(key),
  "read the configuration": () => Deno.readTextFileSync(config),
  "list the folder": () => [...Deno.readDirSync(config.replace("/config.json", ""))],
  "write a file": () => Deno.writeTextFileSync(`${key}.written`, ""),
  "remove the key": () => Deno.removeSync(key),
  "start a program": () => new Deno.Command("true").outputSync(),
  "read the environment": () => Deno.env.get("HOME"),
};

function tryAll(): { readonly [way: string]: string } {
  return Object.fromEntries(
    Object.entries(WAYS).map(([way, attempt]) => {
      try {
        attempt();
        return [way, "done"];
      } catch (error) {
        return [way, String(error)];
      }
    }),
  );
}

/** Waits until the door has given up its permissions, or five seconds. */
async function untilOpen(): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") {
      if (Deno.permissions.querySync({ name: "read" }).state !== "granted") return;
    }
    await sleep(50);
  }
}

const running = runProgram({
  name: "report",
  description: "Opens the door and reads",
  version: "0",
  examples: [],
  commands: [serveCommand],
  databases,
  exit: Deno.exit,
}, Deno.args);
await untilOpen();
console.log(JSON.stringify(tryAll()));
Deno.exit(await running);
