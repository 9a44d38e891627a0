// A program of key_reach_test.ts. Loads the keys and becomes a service the way both programs do, and
// in all ways known tries to read their files: before it is a service, and as one. Writes what came
// of each as JSON, one object for each file. Arguments: as the programs'.
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

/** What was read, or why it could not be. */
type Findings = { [way: string]: string };

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
    // Under a name of its own each time: modules are loaded once.
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
    // No way to read it, but as little a service's business.
    "Deno.writeTextFile": () => Deno.writeTextFile(`${path}.written`, ""),
  };
}

async function readStream(path: string): Promise<string> {
  let text = "";
  for await (const chunk of createReadStream(path, "utf8")) text += chunk;
  return text;
}

/** A worker has what its maker has: it is no way round. */
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

async function tryAll(paths: readonly string[]): Promise<Findings[]> {
  return await Promise.all(paths.map(tryAllOn));
}

async function tryAllOn(path: string): Promise<Findings> {
  const findings: Findings = {};
  for (const [way, read] of Object.entries(waysTo(path))) {
    try {
      findings[way] = `read: ${await read()}`;
    } catch (error) {
      findings[way] = (error as Error).message;
    }
  }
  return findings;
}

async function readKey(context: Context): Promise<void> {
  const { archive } = await context.config();
  const paths = [archive.privateKey, ...archive.oldPrivateKeys] as const;
  for (const path of paths) await Deno.symlink(path, `${path}.symlink`);
  await loadPrivateKeys(paths, { warn: () => {} });
  const before = await tryAll(paths);
  let after: Findings[] = [];
  const claim = async () => {
    after = await tryAll(paths);
    return [];
  };
  const nothing = () => Promise.resolve();
  await runService(context, {
    ...{ stores: ["lake", "archive"], once: true, parallel: 1, lease: 60 },
    begin: (_stores, onError) => ({
      ...{ claim, onError, isSuspect: () => false, work: () => Promise.resolve(0) },
      ...{ renew: nothing, giveBack: nothing, waitForWork: nothing },
    }),
  });
  context.show({ before, after }, () => "");
}

Deno.exit(
  await runProgram({
    ...{ name: "key_reader", description: "", version: "", examples: [], databases },
    commands: [(context) => newCommand("run", "", []).action(() => readKey(context))],
    exit: Deno.exit,
  }, Deno.args),
);
