// A program for key_reach_test.ts. Loads the keys and becomes a service as both programs do, and tries
// to read the key files in every known way, before it is a service and after. Writes the results as
// JSON, one object for each file. Takes the same arguments as the programs.
import { execFileSync } from "node:child_process";
import { createReadStream, openSync, promises, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { newCommand } from "../../lib/cli/command.ts";
import type { Context } from "../../lib/cli/context.ts";
import { runProgram } from "../../lib/cli/program.ts";
import { runService } from "../../lib/cli/service.ts";
import { loadPrivateKeys } from "../../lib/envelope/key_file.ts";
import { databases } from "../../stores.ts";

/** What each way read, or why it could not. */
type ReadResults = { [way: string]: string };

function waysTo(path: string): { readonly [way: string]: () => unknown } {
  const url = `file://${path}`;
  return {
    "Deno.readFile": async () => new TextDecoder().decode(await Deno.readFile(path)),
    "Deno.readTextFileSync": () => Deno.readTextFileSync(path),
    "Deno.open": async () => await new Response((await Deno.open(path)).readable).text(),
    "Deno.open to read and write": () => Deno.open(path, { read: true, write: true }),
    "Deno.copyFile": () => Deno.copyFile(path, `${path}.copy`),
    "Deno.link": () => Deno.link(path, `${path}.${crypto.randomUUID()}`),
    "readFileSync": () => readFileSync(path, "utf8"),
    "promises.readFile": () => promises.readFile(path, "utf8"),
    "openSync to read and append": () => openSync(path, "a+"),
    "createReadStream": () => readStream(path),
    "createRequire": () => createRequire(import.meta.url)(path),
    // A different name each time: modules are loaded only once.
    "import": () => import(`${url}?${crypto.randomUUID()}`),
    "import as JSON": () => import(`${url}?${crypto.randomUUID()}`, { with: { type: "json" } }),
    "fetch": async () => await (await fetch(url)).text(),
    "DatabaseSync": () => new DatabaseSync(path).exec("SELECT * FROM sqlite_schema"),
    "a symbolic link": () => Deno.readTextFileSync(`${path}.symlink`),
    "a Worker": () => readInWorker(path),
    "/proc/self/root": () => Deno.readTextFileSync(`/proc/self/root${path}`),
    "/proc/self/environ": () => Deno.readTextFileSync("/proc/self/environ"),
    "Deno.Command": () => new Deno.Command("cat", { args: [path] }).output(),
    "execFileSync": () => execFileSync("cat", [path]),
    // Not a way to read, but a service must not do this either.
    "Deno.writeTextFile": () => Deno.writeTextFile(`${path}.written`, ""),
  };
}

async function readStream(path: string): Promise<string> {
  let text = "";
  for await (const chunk of createReadStream(path, "utf8")) text += chunk;
  return text;
}

/** Reads in a worker: it has the permissions of its creator, so this must not be a way around them. */
function readInWorker(path: string): Promise<string> {
  const source = `try { postMessage([Deno.readTextFileSync(${JSON.stringify(path)})]); }
    catch (error) { postMessage([undefined, error.message]); }`;
  const url = `data:text/javascript,${encodeURIComponent(source)}`;
  const worker = new Worker(url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: [text, fault] }) => {
      worker.terminate();
      if (fault === undefined) resolve(text);
      else reject(new Error(fault));
    };
  });
}

async function tryAllFiles(paths: readonly string[]): Promise<ReadResults[]> {
  return await Promise.all(paths.map(tryAllWays));
}

async function tryAllWays(path: string): Promise<ReadResults> {
  const results: ReadResults = {};
  for (const [way, read] of Object.entries(waysTo(path))) {
    try {
      results[way] = `read: ${await read()}`;
    } catch (error) {
      results[way] = (error as Error).message;
    }
  }
  return results;
}

async function readKey(context: Context): Promise<void> {
  const { archive } = await context.config();
  const paths = [archive.privateKey, ...archive.oldPrivateKeys] as const;
  for (const path of paths) await Deno.symlink(path, `${path}.symlink`);
  await loadPrivateKeys(paths, { warn: () => {} });
  const before = await tryAllFiles(paths);
  let after: ReadResults[] = [];
  const claim = async () => {
    after = await tryAllFiles(paths);
    return [];
  };
  const nothing = () => Promise.resolve();
  await runService(context, {
    stores: ["lake", "archive"],
    once: true,
    parallel: 1,
    lease: 60,
    createJob: (_stores, onError) => ({
      claim,
      isSuspect: () => false,
      work: () => Promise.resolve(0),
      renew: nothing,
      giveBack: nothing,
      waitForWork: nothing,
      onError,
    }),
  });
  context.show({ before, after }, () => "");
}

Deno.exit(
  await runProgram({
    name: "key_reader",
    description: "",
    version: "",
    examples: [],
    databases,
    commands: [(context) => newCommand("run", "", []).action(() => readKey(context))],
    exit: Deno.exit,
  }, Deno.args),
);
