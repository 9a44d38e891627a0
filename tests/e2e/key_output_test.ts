import { deepEqual, equal } from "../assert.ts";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { inspect } from "node:util";
import { generateKeyPair } from "../../lib/envelope/key.ts";
import { decodePem } from "../../lib/envelope/pem.ts";
import { openMongo } from "../../lib/mongo/open.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { ADDRESS, createCommunity } from "./community.ts";
import { install, type Installation } from "./installation.ts";
import { makeTraceSearch } from "./key_traces.ts";

/** What a program returned and printed. */
type ProgramResult = { readonly code: number; readonly out: string; readonly err: string };

const never = new AbortController().signal;
const mongo = mongoUrl();
outputTests("SQLite", undefined);
if (mongo !== undefined) outputTests("MongoDB", mongo);

function outputTests(name: string, mongo: string | undefined): void {
  function test(
    program: "archive" | "report",
    use: (installation: Installation) => Promise<ProgramResult[]>,
    stored: string,
  ): void {
    Deno.test(`${program} on ${name} never writes any part of its keys, whatever goes wrong`, async () => {
      const installation = await install({
        program,
        archive: { old_private_keys: ["old.pem"] },
        ...(mongo !== undefined && { mongo }),
      });
      try {
        const pems = await readKeys(installation);
        const outputs = await use(installation);
        const files = [
          ...await readFiles(installation.folder),
          ...(mongo === undefined
            ? []
            : await readDocuments(mongo, installation.config.archive.db)),
        ];
        equal(files.some((bytes) => Buffer.from(bytes).includes(stored)), true);
        const printed = Buffer.from(outputs.map(({ out, err }) => out + err).join("\n"));
        for (const search of pems.map(makeTraceSearch)) {
          for (const bytes of [printed, ...files]) deepEqual(search(bytes), []);
        }
      } finally {
        await installation.close();
      }
    });
  }

  test("archive", useArchive, "192.0.2.1");
  test("report", useReport, ADDRESS);
}

/** Generates an old key; returns the PEM texts of the current key and the old one. */
async function readKeys({ config }: Installation): Promise<string[]> {
  const { privateKey, oldPrivateKeys } = config.archive;
  const { privatePem } = await generateKeyPair();
  await Deno.writeTextFile(oldPrivateKeys[0]!, privatePem, { mode: 0o600 });
  return [await Deno.readTextFile(privateKey), privatePem];
}

/** Reads all files except the keys: databases and their logs, metrics, the configuration. */
async function readFiles(folder: string): Promise<Uint8Array[]> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .filter((name) => name !== "priv.pem" && name !== "old.pem");
  return await Promise.all(names.map((name) => Deno.readFile(join(folder, name))));
}

/** Reads every document, including those of GridFS, as BSON. */
async function readDocuments(url: string, db: string): Promise<Uint8Array[]> {
  const mongo = await openMongo(url);
  try {
    const collections = await mongo.client.db(db).collections();
    const found = await Promise.all(
      collections.map((collection) => collection.find({}, { raw: true }).toArray()),
    );
    return [Buffer.concat(found.flat() as unknown as Uint8Array[])];
  } finally {
    await mongo.close();
  }
}

async function useArchive(installation: Installation): Promise<ProgramResult[]> {
  const { run, upload, stores, folder } = installation;
  const sound = await upload('{"ipv4": "192.0.2.1"}');
  const damaged = [0, 100, 255, 256, 290, sound.bytes.length - 1].map((at) => ({
    ...sound,
    bytes: sound.bytes.with(at, sound.bytes[at]! ^ 1),
  }));
  await stores.lake.submit([sound, ...damaged, await upload("1", { typetag: "no such" })]);
  const metrics = ["--set", `archive.metrics=${join(folder, "archive.prom")}`];
  const ended = [
    await run("--verbose", ...metrics, "run", "--once"),
    await run("--verbose", "--json", "quarantine", "list"),
    await run("--verbose", "--json", "doctor"),
    await run("--verbose", "--json", "config", "show"),
    await run("--verbose", "verify"),
    await asService(installation, async () => {
      await stores.lake.submit([sound]);
      while ((await stores.lake.status(0)).counts.SUCCESS < 2) await sleep(50, never);
    }),
  ];
  deepEqual(ended.map(({ code }) => code), [0, 0, 0, 0, 0, 0]);
  return [...ended, ...await runFailures(installation)];
}

async function useReport(installation: Installation): Promise<ProgramResult[]> {
  const { run, stores, folder } = installation;
  const { ask } = await createCommunity(installation);
  // Nobody listens on these ports.
  for (let number = 0; number < 3; number++) await ask(number, 1024 + number, "nonce");
  const [claim] = await stores.inbox.claim({ owner: "died", limit: 1, lease: 1, now: 0 });
  equal(claim?.attempts, 1);
  const metrics = ["--set", `report.metrics=${join(folder, "report.prom")}`];
  const sound = [
    await run("--verbose", ...metrics, "run", "--once"),
    await run("--verbose", "--json", "status"),
    await run("--verbose", "--json", "doctor"),
    await asService(installation, async () => {
      await ask(3);
      while ((await stores.inbox.status(0)).counts.ready < 4) await sleep(50, never);
    }),
  ];
  deepEqual(sound.map(({ code }) => code), [0, 0, 0, 0]);
  return [...sound, ...await runFailures(installation)];
}

/** Runs the program as a service while `work` runs, then stops it. */
async function asService(
  { start }: Installation,
  work: () => Promise<void>,
): Promise<ProgramResult> {
  const program = start("--verbose", "run");
  const ending = program.output();
  await work();
  program.kill("SIGTERM");
  const { code, stdout, stderr } = await ending;
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}

/** Runs the program with unusable keys, misplaced keys, and no database. */
async function runFailures({ run, folder, config }: Installation): Promise<ProgramResult[]> {
  const { privateKey, publicKey } = config.archive;
  const pem = await Deno.readTextFile(privateKey);
  const runOnce = (...sets: string[]) =>
    run("--verbose", ...sets.flatMap((set) => ["--set", set]), "run", "--once");
  const wrong = [
    ...await withBadKeys(privateKey, () => runOnce()),
    ...await withBadKeys(join(folder, "old.pem"), () => runOnce()),
    ...await Promise.all([
      runOnce(`archive.private_key=${join(folder, "missing.pem")}`),
      runOnce(`archive.private_key=${folder}`),
      runOnce(`archive.private_key=${publicKey}`),
      runOnce(`archive.old_private_keys=${publicKey}`),
      runOnce(`archive.private_key=${pem}`),
      runOnce(`archive.old_private_keys=${pem}`),
      runOnce(`archive.lease=${pem}`),
      run("--verbose", "--config", privateKey, "run", "--once"),
    ]),
  ];
  deepEqual(wrong.map(({ code }) => code), wrong.map(() => 78));
  const failed = await Promise.all([
    run("--verbose", "--set", `archive.public_key=${privateKey}`, "doctor"),
    runOnce(`archive.mongo_url=sqlite:${folder}`),
  ]);
  deepEqual(failed.map(({ code }) => code), [1, 1]);
  return [...wrong, ...failed];
}

/** Runs with a key that lacks a line, whose parts do not fit together, or that is not PEM text. */
async function withBadKeys<T>(path: string, run: () => Promise<T>): Promise<T[]> {
  const pem = await Deno.readTextFile(path);
  const middle = pem.length >> 1;
  const other = pem[middle] === "A" ? "B" : "A";
  const bad = [
    pem.split("\n").toSpliced(10, 1).join("\n"),
    pem.slice(0, middle) + other + pem.slice(middle + 1),
    pem.replace("-----BEGIN", "BEGIN"),
  ];
  const results: T[] = [];
  for (const text of bad) {
    await Deno.writeTextFile(path, text);
    results.push(await run());
  }
  await Deno.writeTextFile(path, pem);
  return results;
}

Deno.test("makeTraceSearch finds a key in any written form", async () => {
  const { privatePem } = await generateKeyPair();
  const search = makeTraceSearch(privatePem);
  const der = decodePem(privatePem)!.content as Uint8Array;
  const secrets = ["d", "p", "q", "dp", "dq", "qi"];
  const shifted = (by: number) => Buffer.concat([Buffer.alloc(by), der]);
  const forms: { [form: string]: string | Uint8Array } = {
    "PEM text": privatePem,
    "PEM text in JSON": JSON.stringify(privatePem),
    "DER": der,
    "DER reversed": der.toReversed(),
    "Base64": shifted(0).toString("base64"),
    "Base64 after one byte": shifted(1).toString("base64"),
    "Base64 after two bytes": shifted(2).toString("base64url"),
    "hexadecimal": shifted(0).toString("hex"),
    "hexadecimal in capitals": shifted(0).toString("hex").toUpperCase(),
    "a JSON array": JSON.stringify([...der]),
    "an inspected array": inspect(der, { maxArrayLength: null }),
  };
  for (const [form, written] of Object.entries(forms)) {
    deepEqual(search(Buffer.from(written)), secrets, form);
  }
  deepEqual(search(Buffer.from((await generateKeyPair()).privatePem)), []);
});
