import { deepEqual, equal } from "../assert.ts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../compile/permissions.ts";
import { generateKeyPair } from "../../lib/envelope/key.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install } from "./installation.ts";

const READER = fileURLToPath(new URL("key_reader.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Deno's message for a missing permission. */
const REFUSED = /^Requires \w+ access/;
/** Ways that executables never may take: starting programs, and files about a process. */
const NEVER_ALLOWED = ["Deno.Command", "execFileSync", "/proc/self/root", "/proc/self/environ"];

/**
 * Ways that need no permission: executables of Deno 2.4 load any module. A PEM file is not a module,
 * and the error does not quote it.
 */
const UNCHECKED = ["import", "import as JSON"];

/** The result of each way to read a file. */
type ReadResults = { readonly [way: string]: string };

const mongo = mongoUrl();
runTests("SQLite", undefined);
if (mongo !== undefined) runTests("MongoDB", mongo);

function runTests(name: string, mongo: string | undefined): void {
  Deno.test(`a service on ${name} with the executables' permissions cannot read its key again`, async () => {
    for (const flags of Object.values(PERMISSIONS)) {
      await checkReader(mongo, [Deno.execPath(), "run", "--quiet", ...flags, READER]);
    }
  });

  Deno.test({
    name: `a service on ${name} that was allowed everything cannot read its key again`,
    // Deno 2.4 cannot revoke this permission: see lib/cli/revoke_permissions.ts.
    ignore: Deno.version.deno.startsWith("2.4."),
    fn: () => checkReader(mongo, [Deno.execPath(), "run", "--quiet", "-A", READER]),
  });

  Deno.test({
    name: `a compiled service on ${name} cannot read its key again`,
    ignore: !Deno.env.has("CYBEXP_TEST_BINARIES"),
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        await checkReader(mongo, [await compile(folder)], UNCHECKED);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Has a program of a new installation read the key in all ways, before it is a service and after. */
async function checkReader(
  mongo: string | undefined,
  command: readonly string[],
  unchecked: readonly string[] = [],
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
    const { before, after } = JSON.parse(text) as Record<"before" | "after", ReadResults[]>;
    for (const [index, path] of [privateKey, ...oldPrivateKeys].entries()) {
      await checkReadResults(path, { before: before[index]!, after: after[index]!, unchecked });
    }
  } finally {
    await installation.close();
  }
}

async function checkReadResults(
  path: string,
  { before, after, unchecked }: {
    readonly before: ReadResults;
    readonly after: ReadResults;
    readonly unchecked: readonly string[];
  },
): Promise<void> {
  const refused = Object.keys(before).filter((way) => REFUSED.test(before[way]!));
  deepEqual(refused.filter((way) => !NEVER_ALLOWED.includes(way)), []);
  const allowed = Object.keys(after).filter((way) => !REFUSED.test(after[way]!));
  deepEqual(allowed.filter((way) => !unchecked.includes(way)), []);
  equal(Object.keys(after).length, 22);
  const lines = await readKeyLines(path);
  const containsKey = (text: string) => lines.some((line) => text.includes(line));
  equal(containsKey(before["Deno.readFile"]!), true);
  deepEqual(Object.values(after).filter(containsKey), []);
}

/** Reads the lines of a PEM file that contain the key. */
async function readKeyLines(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).split("\n").filter((line) => /^[^-]/.test(line));
}

/** Compiles the program in the same way as the executables; returns its path. */
async function compile(folder: string): Promise<string> {
  const output = join(folder, "key-reader");
  const script = '. .ci/deno_versions; export DENORT_BIN="$(.ci/denort)"; ' +
    'exec npx --loglevel=error -y "deno@$oldest" compile "$@"';
  const flags = ["--quiet", ...PERMISSIONS["archive"]!, "--output", output, READER];
  const { success } = await new Deno.Command("bash", {
    args: ["-c", script, "compile", ...flags],
    cwd: ROOT,
  }).spawn().status;
  equal(success, true);
  return output;
}
