/** Demonstrates both programs from scratch: `deno task demo`, on MongoDB with `--mongo URL`. */
import { parseArgs } from "node:util";
import { nowSeconds } from "../lib/clock.ts";
import { loadConfig } from "../lib/config.ts";
import { table } from "../lib/cli/table.ts";
import { loadPublicKey } from "../lib/envelope/key_file.ts";
import { sealEnvelope } from "../lib/envelope/seal.ts";
import type { EntrySummary } from "../lib/lake/lake.ts";
import { maskUrls } from "../lib/mask.ts";
import { databases } from "../stores.ts";

const HELP = `Usage: deno task demo [--mongo URL]

Makes a pair of keys and a user, submits five uploads, archives them and shows what became of each.
Then it asks three questions: how often an address was seen, what it is connected to, and how
malicious a mail is. Everything happens in a new temporary folder, or with --mongo in new databases.

Examples:
  deno task demo
  deno task demo --mongo mongodb://127.0.0.1:27017/`;

const ORG = "lab.example.org";
const USER = "analyst@example.org";
const ADDRESS = ["ipv4", "203.0.113.66"];
const SENDER = ["email_addr", "security@bank.example.net"];
const SAMPLES: readonly (readonly [file: string, typetag: string])[] = [
  ["cowrie.json", "cowrie"],
  ["phish.eml", "email"],
  ["urls.txt", "openphish_feed"],
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

  const archive = (...args: string[]) => run("archive", configFile, args);
  const report = (...args: string[]) => run("report", configFile, args);
  say("A key pair: members encrypt with the public key, and only the programs can decrypt.");
  await archive("keygen");
  say("An analyst who sees the events of one organisation.");
  await report("users", "add", USER, "--org", ORG);
  say(
    "Four uploads: a honeypot log, a phishing mail, a URL feed, and a type that this archive lacks.",
  );
  for (const [file, typetag] of SAMPLES) {
    await archive("submit", samplePath(file), "--type", typetag, "--org", ORG);
  }
  const unknown = ["--type", "lab_scanner", "--set", "archive.typetags=lab_scanner"];
  await archive("submit", samplePath("scan.json"), ...unknown, "--org", ORG);
  say("A fifth upload, whose envelope was damaged in transit: a single bit is wrong.");
  await submitDamaged(configFile);
  say("Archive them all: claim, decrypt, parse, make events, store, settle.");
  await archive("run", "--once");
  say("What became of each upload, and where it is stored:");
  console.log(await outcome(configFile));

  say("Start the report service and ask it three questions: how often was an address seen …");
  const service = start("report", configFile, ["run"]);
  await report("query", "count", ...ADDRESS);
  say("… what is it connected to, directly and through the same visits …");
  await report("query", "related", ...ADDRESS, "--level", "2");
  say("… and how malicious is the phishing mail, whose sender is on no list, and why?");
  await report("query", "threatrank", ...SENDER, "--explain");
  service.kill("SIGTERM");
  await service.status;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`
Done in ${seconds} s. To continue with this installation:
  export CYBEXP_CONFIG=${configFile}
  npx -y deno@${Deno.version.deno} run -A archive.ts quarantine list
  npx -y deno@${Deno.version.deno} run -A archive.ts import FILE --type ioc_list --org ${ORG}
  npx -y deno@${Deno.version.deno} run -A report.ts query related domain example.com --now
  npx -y deno@${Deno.version.deno} run -A report.ts --help`);
}

function samplePath(file: string): string {
  return new URL(`samples/${file}`, import.meta.url).pathname;
}

/** All sections of a configuration, in one SQLite file or in new databases on one server. */
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

/** Runs a program the way users do, after printing the command. */
async function run(program: string, configFile: string, args: readonly string[]): Promise<void> {
  const { success } = await start(program, configFile, args).status;
  if (!success) Deno.exit(1);
}

function start(program: string, configFile: string, args: readonly string[]): Deno.ChildProcess {
  const shown = args.map((arg) => arg.replace(/^.*(?=demo\/samples)/, ""));
  console.log(`$ ${program} ${shown.join(" ")}`);
  const path = new URL(`../${program}.ts`, import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", path, "--config", configFile, ...args],
  }).spawn();
}

async function readConfig(file: string) {
  return await loadConfig({ file, flags: {}, env: () => undefined, folder: Deno.cwd() });
}

async function submitDamaged(configFile: string): Promise<void> {
  const config = await readConfig(configFile);
  const key = await loadPublicKey(config.archive.publicKey);
  const bytes = await sealEnvelope(new TextEncoder().encode('{"never": "read"}'), key);
  bytes[bytes.length - 1]! ^= 1;
  const stores = await databases.open(config, ["lake", "archive"]);
  const timestamp = nowSeconds();
  const label = { orgid: ORG, timezone: "UTC", typetag: "sighting", name: "damaged.json" };
  await stores.lake.submit([{ ...label, timestamp, bytes }]);
  await stores.close();
}

async function outcome(configFile: string): Promise<string> {
  const config = await readConfig(configFile);
  const stores = await databases.open(config, ["lake", "archive"]);
  const entries = (await stores.lake.list({}, 100)).toReversed();
  await stores.close();
  const { url, db, coll } = config.archive;
  return table(["upload", "type", "state", "Raw, or reason"], entries.map(row)) +
    `\n\nThe Raws are in ${maskUrls(url)}, collection ${db}.${coll}`;
}

function row({ name, typetag, state, refs, reason }: EntrySummary) {
  return [name, typetag, state, refs[0] ?? reason];
}
