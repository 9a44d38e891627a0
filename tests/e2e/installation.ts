import { join } from "node:path";
import type { Stores } from "../../lib/cli/context.ts";
import { type Config, loadConfig } from "../../lib/config.ts";
import { loadPublicKey } from "../../lib/envelope/key_file.ts";
import { sealEnvelope } from "../../lib/envelope/seal.ts";
import type { Upload } from "../../lib/lake/lake.ts";
import { databases } from "../../stores.ts";
import { commandOf } from "../program.ts";

const STORES = [
  "lake",
  "archive",
  "positions",
  "graph",
  "edges",
  "identity",
  "inbox",
  "reports",
] as const;

/** A complete installation with its own folder and databases, used by real processes. */
export type Installation = {
  readonly folder: string;
  readonly config: Config;
  readonly stores: Stores;
  /** Runs the program until it ends. */
  run(...args: string[]): Promise<{ code: number; out: string; err: string }>;
  /** Starts the program, and leaves it running. */
  start(...args: string[]): Deno.ChildProcess;
  /** Seals a text as an upload. */
  upload(text: string, fields?: Partial<Upload>): Promise<Upload>;
  /** Closes the stores and deletes everything. */
  close(): Promise<void>;
};

export type InstallationOptions = {
  /** The program that `run` and `start` run; `archive` by default. */
  readonly program?: "archive" | "report";
  /** The MongoDB server for the databases; SQLite by default. */
  readonly mongo?: string;
  /** Settings of the section `archive`. */
  readonly archive?: { readonly [name: string]: unknown };
  /** Settings of the section `report`. */
  readonly report?: { readonly [name: string]: unknown };
  /** The folder in which to create the installation's own; the system's for temporary files by default. */
  readonly within?: string;
};

/** Creates an installation. */
export async function install(
  { program = "archive", mongo, archive = {}, report = {}, within }: InstallationOptions,
): Promise<Installation> {
  const prefix = "cybexp-e2e-";
  const folder = await Deno.makeTempDir({ prefix, ...(within !== undefined && { dir: within }) });
  const db = `cybexp_e2e_${crypto.randomUUID().slice(0, 8)}`;
  const location = (coll: string) => ({ mongo_url: mongo ?? "sqlite:cybexp.db", db, coll });
  const file = join(folder, "config.json");
  const sections = {
    archive: { ...location("instance"), ...archive },
    cache: location("file_entries"),
    identity: location("identity"),
    report: { ...location("report"), ...report },
  };
  await Deno.writeTextFile(file, JSON.stringify(sections));

  const startProgram = (name: string, args: readonly string[]) => {
    const command = commandOf(name, ["-A"]);
    return new Deno.Command(command.path, {
      args: [...command.args, "--config", file, ...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  };
  const start = (...args: string[]) => startProgram(program, args);
  const run = (...args: string[]) => untilEnd(start(...args));
  const untilEnd = async (child: Deno.ChildProcess) => {
    const { code, stdout, stderr } = await child.output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, out: decode(stdout), err: decode(stderr) };
  };

  const { code, err } = await untilEnd(startProgram("archive", ["keygen"]));
  if (code !== 0) throw new Error(`Cannot create keys: ${err}`);
  const config = await loadConfig({ file, flags: {}, env: () => undefined, folder });
  const key = await loadPublicKey(config.archive.publicKey);
  const stores = await databases.open(config, STORES);
  await stores.prepare();
  return {
    folder,
    config,
    stores,
    run,
    start,
    upload: async (text, fields = {}) => ({
      name: "e2e",
      orgid: "lab.example.org",
      timezone: "UTC",
      typetag: "sighting",
      timestamp: 1,
      bytes: await sealEnvelope(new TextEncoder().encode(text), key),
      ...fields,
    }),
    async close() {
      await stores.close();
      if (mongo !== undefined) await dropDatabase(mongo, db);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Resolves once the program has written the text to its log; reads no further. */
export async function untilLogged(program: Deno.ChildProcess, text: string): Promise<void> {
  let log = "";
  for await (const chunk of program.stderr.pipeThrough(new TextDecoderStream())) {
    log += chunk;
    if (log.includes(text)) return;
  }
  throw new Error(`The program ended without ${JSON.stringify(text)} in its log: ${log}`);
}

/** Tells the program to stop; returns its exit code. */
export async function stop(program: Deno.ChildProcess): Promise<number> {
  program.kill("SIGTERM");
  // An unread pipe would fill, and block the program.
  if (!program.stderr.locked) await program.stderr.cancel();
  const { code } = await program.status;
  await program.stdout.cancel();
  return code;
}

async function dropDatabase(url: string, name: string): Promise<void> {
  const { openMongo } = await import("../../lib/mongo/open.ts");
  const mongo = await openMongo(url);
  await mongo.client.db(name).dropDatabase();
  await mongo.close();
}
