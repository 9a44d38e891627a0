import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { permissions } from "../../compile/permissions.ts";
import { generateKeyPair } from "../../lib/envelope/key.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install } from "./installation.ts";

const READER = fileURLToPath(new URL("key_reader.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What Deno says of what a program may not do. */
const REFUSED = /^Requires \w+ access/;
/** What executables are never allowed: to start programs, and files that tell of a process. */
const NEVER = ["Deno.Command", "execFileSync", "/proc/self/root", "/proc/self/environ"];

/** Executables of Deno 2.4 load modules without asking; no PEM file is one, or tells what it holds. */
const UNASKED = ["import", "import as JSON"];

/** What came of each way to read a file. */
type Findings = { readonly [way: string]: string };

const mongo = mongoUrl();
runTests("SQLite", undefined);
if (mongo !== undefined) runTests("MongoDB", mongo);

function runTests(name: string, mongo: string | undefined): void {
  Deno.test(`a service on ${name} with the executables' permissions cannot read its key again`, async () => {
    for (const flags of Object.values(permissions)) {
      await checkReader(mongo, [Deno.execPath(), "run", "--quiet", ...flags, READER]);
    }
  });

  Deno.test({
    name: `a service on ${name} that was allowed everything cannot read its key again`,
    // There it is not to be had: see giveUpFiles.
    ignore: Deno.version.deno.startsWith("2.4."),
    fn: () => checkReader(mongo, [Deno.execPath(), "run", "--quiet", "-A", READER]),
  });

  Deno.test({
    name: `a compiled service on ${name} cannot read its key again`,
    ignore: !Deno.env.has("CYBEXP_TEST_BINARIES"),
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        await checkReader(mongo, [await compile(folder)], UNASKED);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Has the key read by a program of a fresh installation, in all ways before and after. */
async function checkReader(
  mongo: string | undefined,
  command: readonly string[],
  unasked: readonly string[] = [],
): Promise<void> {
  const installation = await install({
    ...(mongo !== undefined && { mongo }),
    archive: { old_private_keys: ["old.pem"] },
  });
  try {
    const { privateKey, oldPrivateKeys } = installation.config.archive;
    await Deno.writeTextFile(oldPrivateKeys[0]!, (await generateKeyPair()).privatePem);
    const [path = "", ...args] = command;
    const { stdout, stderr } = await new Deno.Command(path, {
      args: [...args, "--config", join(installation.folder, "config.json"), "--json", "run"],
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    equal(text.startsWith("{"), true, new TextDecoder().decode(stderr));
    const { before, after } = JSON.parse(text) as Record<"before" | "after", Findings[]>;
    for (const [index, path] of [privateKey, ...oldPrivateKeys].entries()) {
      await checkFindings(path, before[index]!, after[index]!, unasked);
    }
  } finally {
    await installation.close();
  }
}

async function checkFindings(
  path: string,
  before: Findings,
  after: Findings,
  unasked: readonly string[],
): Promise<void> {
  const refused = Object.keys(before).filter((way) => REFUSED.test(before[way]!));
  deepEqual(refused.filter((way) => !NEVER.includes(way)), []);
  const allowed = Object.keys(after).filter((way) => !REFUSED.test(after[way]!));
  deepEqual(allowed.filter((way) => !unasked.includes(way)), []);
  equal(Object.keys(after).length, 22);
  const lines = await linesOf(path);
  const holdKey = (text: string) => lines.some((line) => text.includes(line));
  equal(holdKey(before["Deno.readFile"]!), true);
  deepEqual(Object.values(after).filter(holdKey), []);
}

/** Those of a PEM file's lines that hold the key. */
async function linesOf(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).split("\n").filter((line) => /^[^-]/.test(line));
}

/** Compiles the program as the executables are; returns its path. */
async function compile(folder: string): Promise<string> {
  const output = join(folder, "key-reader");
  const script = 'DENORT_BIN="$(.ci/denort)" exec npx --loglevel=error -y deno@2.4.2 compile "$@"';
  const flags = ["--quiet", ...permissions["archive"]!, "--output", output, READER];
  const { success } = await new Deno.Command("bash", {
    args: ["-c", script, "compile", ...flags],
    cwd: ROOT,
  }).spawn().status;
  equal(success, true);
  return output;
}
