/** Shows what archive does, from nothing: `deno task demo`, on MongoDB with `--mongo URL`. */
import { parseArgs } from "node:util";
import { loadConfig } from "../lib/config.ts";
import { table } from "../lib/cli/table.ts";
import { loadPublicKey } from "../lib/envelope/key_file.ts";
import { sealEnvelope } from "../lib/envelope/seal.ts";
import type { EntrySummary } from "../lib/lake/lake.ts";
import { maskUrls } from "../lib/mask.ts";
import { databases } from "../stores.ts";

const HELP = `Usage: deno task demo [--mongo URL]

Makes a key, submits five uploads, archives them and shows what became of each.
Everything happens in a new temporary folder; with --mongo in new databases there.

Examples:
  deno task demo
  deno task demo --mongo mongodb://127.0.0.1:27017/`;

const ORG = "lab.example.org";
const SAMPLES: readonly (readonly [file: string, typetag: string])[] = [
  ["cowrie.json", "cowrie"],
  ["phish.eml", "email"],
  ["urls.txt", "openphish_feed"],
  ["scan.json", "lab_scanner"],
];

const { values } = parseArgs({
  options: { mongo: { type: "string" }, help: { type: "boolean", short: "h" } },
});
if (values.help) console.log(HELP);
else await demo(values.mongo);

async function demo(mongoUrl: string | undefined): Promise<void> {
  const started = performance.now();
  const folder = await Deno.makeTempDir({ prefix: "cybexp-demo-" });
  const configFile = `${folder}/config.json`;
  await Deno.writeTextFile(configFile, JSON.stringify(configuration(mongoUrl), null, 2) + "\n");

  say("A key pair: members encrypt with the public key, archive alone can decrypt.");
  await archive(configFile, "keygen");
  say("Four uploads: a honeypot log, a phishing mail, a feed of URLs, a file of unknown type.");
  for (const [file, typetag] of SAMPLES) {
    const path = new URL(`samples/${file}`, import.meta.url).pathname;
    await archive(configFile, "submit", path, "--type", typetag, "--org", ORG);
  }
  say("And one whose envelope was damaged on its way: a single bit is wrong.");
  await submitDamaged(configFile);
  say("Archive what is there: claim, decrypt, parse, store, settle.");
  await archive(configFile, "run", "--once");
  say("What became of each, and where it lies:");
  console.log(await outcome(configFile));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`
Done in ${seconds} s. Next, with this installation:
  archive="npx -y deno@${Deno.version.deno} run -A archive.ts --config ${configFile}"
  $archive quarantine list
  $archive verify
  $archive --help`);
}

/** The sections an installation has, all in one SQLite file or in new databases on one server. */
function configuration(mongoUrl: string | undefined) {
  const run = crypto.randomUUID().slice(0, 8);
  const place = (name: string, coll: string) => ({
    mongo_url: mongoUrl ?? "sqlite:cybexp.db",
    db: mongoUrl === undefined ? name : `cybexp_demo_${run}_${name}`,
    coll,
  });
  return {
    archive: place("tahoe_db", "instance"),
    cache: place("cache_db", "file_entries"),
    identity: place("identity_db", "instance"),
    report: place("report_db", "instance"),
  };
}

function say(text: string): void {
  console.log(`\n# ${text}`);
}

/** Runs the program as its users do, and shows the command. */
async function archive(configFile: string, ...args: readonly string[]): Promise<void> {
  console.log(`$ archive ${args.map((arg) => arg.replace(/^.*(?=demo\/samples)/, "")).join(" ")}`);
  const program = new URL("../archive.ts", import.meta.url).pathname;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", program, "--config", configFile, ...args],
  }).spawn().status;
  if (!success) Deno.exit(1);
}

async function readConfig(file: string) {
  return await loadConfig({ file, flags: {}, env: () => undefined, folder: Deno.cwd() });
}

async function submitDamaged(configFile: string): Promise<void> {
  const config = await readConfig(configFile);
  const key = await loadPublicKey(config.archive.publicKey);
  const bytes = await sealEnvelope(new TextEncoder().encode('{"never": "read"}'), key);
  bytes[bytes.length - 1]! ^= 1;
  const stores = await databases.open(config);
  const timestamp = Date.now() / 1000;
  const label = { orgid: ORG, timezone: "UTC", typetag: "sighting", name: "damaged.json" };
  await stores.lake.submit([{ ...label, timestamp, bytes }]);
  await stores.close();
}

async function outcome(configFile: string): Promise<string> {
  const config = await readConfig(configFile);
  const stores = await databases.open(config);
  const entries = (await stores.lake.list({}, 100)).toReversed();
  await stores.close();
  const { url, db, coll } = config.archive;
  return table(["upload", "type", "state", "Raw, or why not"], entries.map(row)) +
    `\n\nThe Raws are in ${maskUrls(url)}, collection ${db}.${coll}`;
}

function row({ name, typetag, state, refs, reason }: EntrySummary) {
  return [name, typetag, state, refs[0] ?? reason];
}
