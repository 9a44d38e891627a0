import { deepEqual, doesNotMatch, equal, match } from "./assert.ts";
import { join } from "node:path";
import { type Config, loadConfig, type LoadConfigOptions } from "../lib/config.ts";
import { ConfigError } from "../lib/errors.ts";

type Case = Partial<Omit<LoadConfigOptions, "env">> & { readonly env?: Record<string, string> };

/** Loads the configuration of a folder with these files; `$` in values stands for the folder. */
async function load(files: Record<string, unknown>, sources: Case = {}): Promise<Config> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.mkdir(join(path, ".."), { recursive: true });
      const text = typeof content === "string" ? content : JSON.stringify(content);
      await Deno.writeTextFile(path, text);
    }
    const env: Record<string, string> = { HOME: "$/home", ...sources.env };
    const config = await loadConfig({
      flags: {},
      folder: join(folder, "here"),
      ...sources,
      env: (name) => env[name]?.replaceAll("$", folder),
    });
    return JSON.parse(JSON.stringify(config).replaceAll(folder, "$"));
  } catch (error) {
    if (error instanceof ConfigError) {
      throw new ConfigError(error.faults.map((fault) => fault.replaceAll(folder, "$")));
    }
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function faultsOf(files: Record<string, unknown>, sources?: Case): Promise<string[]> {
  try {
    await load(files, sources);
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults];
    throw error;
  }
  return [];
}

const STORE_CONFIG = { cache: { db: "found", mongo_url: "mongodb://localhost:27017/" } };

const REPORT_DEFAULTS = {
  lease: 60,
  parallel: 64,
  maxAttempts: 10,
  notifyHosts: ["localhost"],
  notifyPorts: { least: 1024, most: 65535 },
  decay: 0.998,
  graphMemory: "auto",
  maxEvents: 200_000,
  maxEdges: 2_000_000,
  maxWedges: 200_000_000,
  deadline: 30,
  metrics: null,
};

Deno.test("loadConfig without a file keeps everything in one SQLite file", async () => {
  const { file, archive, cache, identity, report, notices } = await load({});
  equal(file, null);
  const url = "sqlite:$/home/.local/share/cybexp/cybexp.db";
  deepEqual([cache, identity, report], [
    { url, db: "cache_db", coll: "file_entries" },
    { url, db: "identity_db", coll: "instance", secret: "secret" },
    { url, db: "report_db", coll: "instance", ...REPORT_DEFAULTS },
  ]);
  deepEqual(archive, {
    url,
    db: "tahoe_db",
    coll: "instance",
    privateKey: "$/home/.local/share/cybexp/priv.pem",
    publicKey: "$/home/.local/share/cybexp/pub.pem",
    oldPrivateKeys: [],
    typetags: [],
    aliases: {},
    filters: true,
    lease: 60,
    batch: 64,
    maxAttempts: 10,
    maxBytes: 67108864,
    envelope: "eax",
    metrics: null,
  });
  deepEqual(notices, []);
});

Deno.test("loadConfig uses the existing system's defaults for what a file leaves out", async () => {
  const { file, api, archive, cache, identity, report } = await load({
    "here/config.json": STORE_CONFIG,
  });
  equal(file, "$/here/config.json");
  deepEqual(api, { url: "http://localhost:5000/", host: "localhost", token: "" });
  const url = "mongodb://localhost:27017/";
  deepEqual([cache, identity, report], [
    { url, db: "found", coll: "file_entries" },
    { url, db: "identity_db", coll: "instance", secret: "secret" },
    { url, db: "report_db", coll: "instance", ...REPORT_DEFAULTS },
  ]);
  deepEqual([archive.url, archive.db, archive.coll], [url, "tahoe_db", "instance"]);
  equal(archive.privateKey, "$/here/priv.pem");
});

Deno.test("loadConfig stays on SQLite with a file that has no mongo_url", async () => {
  const url = "sqlite:$/home/.local/share/cybexp/cybexp.db";
  for (const content of [{ archive: { lease: 30 } }, { cache: { db: "x" }, api: {} }]) {
    const { file, archive, cache, identity, report } = await load({ "here/config.json": content });
    equal(file, "$/here/config.json");
    deepEqual([archive.url, cache.url, identity.url, report.url], [url, url, url, url]);
    equal(archive.privateKey, "$/home/.local/share/cybexp/priv.pem");
  }
  const beside = { "here/config.json": { archive: {} }, "here/priv.pem": "", "here/pub.pem": "" };
  equal((await load(beside)).archive.publicKey, "$/here/pub.pem");
  const tahoe = { "here/config.json": { tahoe: { mongo_url: "mongodb://db.example.com" } } };
  equal((await load(tahoe)).cache.url, "mongodb://localhost:27017/");
  const homeless = await load({ "here/config.json": { archive: {} } }, { env: { HOME: "" } });
  equal(homeless.cache.url, "sqlite:$/here/cybexp.db");
});

for (const content of [{ cache: true, report: "html" }, [1, 2], "text", {}, { archive: [1] }]) {
  const text = JSON.stringify(content);
  Deno.test(`loadConfig skips a config.json here that is not ours: ${text}`, async () => {
    equal((await load({ "here/config.json": text })).file, null);
  });
}

Deno.test("loadConfig names variables that look like settings and are none", async () => {
  const wrong = [
    ["CYBEXP_ARCHIVE_LEESE", "CYBEXP_ARCHIVE_LEASE"],
    ["CYBEXP_CACHE_MONGOURL", "CYBEXP_CACHE_MONGO_URL"],
    ["CYBEXP_MONGO_URL", MONGO_URLS],
  ];
  const env = Object.fromEntries(
    [...wrong.map(([name]) => name!), "CYBEXP_ARCHIVE_LEASE", "CYBEXP_CONFIG", "CYBEXP_TEST_MONGO"]
      .map((
        name,
      ) => [name, name.endsWith("LEASE") ? "5" : ""]),
  );
  const listed = await load({}, { env, variables: [...Object.keys(env), "PATH"] });
  deepEqual(listed.notices, wrong.map(unknownVariable));
});

Deno.test("loadConfig finds likely mistakes in variables that it may not list", async () => {
  const wrong = [
    ["CYBEXP_ARCHIVE_LAESE", "CYBEXP_ARCHIVE_LEASE"],
    ["CYBEXP_ARCHIVE_LEAS", "CYBEXP_ARCHIVE_LEASE"],
    ["CYBEXP_ARCHIVE_TYPETAG", "CYBEXP_ARCHIVE_TYPETAGS"],
    ["CYBEXP_CACHE_LEASE", "CYBEXP_ARCHIVE_LEASE or CYBEXP_REPORT_LEASE"],
    ["CYBEXP_CACHE_MONGOURL", "CYBEXP_CACHE_MONGO_URL"],
    ["CYBEXP_MONGO_URL", MONGO_URLS],
  ];
  const env = Object.fromEntries(wrong.map(([name]) => [name, "5"]));
  const { notices } = await load({}, { env: { ...env, CYBEXP_ARCHIVE_LEASE: "5" } });
  deepEqual(notices, wrong.map(unknownVariable));
});

Deno.test("loadConfig suggests the setting that a name given with --set, or in the file, may mean", async () => {
  const flags = { "archive.leese": "1", "lease": "1", "archive.parallel": "1" };
  deepEqual(await faultsOf({}, { flags }), [
    "archive.leese is not a setting (--set). Did you mean archive.lease?",
    "lease is not a setting (--set). Did you mean archive.lease or report.lease?",
    "archive.parallel is not a setting (--set). Did you mean report.parallel?",
  ]);
  const { notices } = await load({
    "here/config.json": { archive: { bacth: 1 }, reprot: { lease: 1 } },
  });
  deepEqual(notices, [
    "reprot is not a setting ($/here/config.json). Did you mean report?",
    "archive.bacth is not a setting ($/here/config.json). Did you mean archive.batch?",
  ]);
});

const MONGO_URLS = ["ARCHIVE", "CACHE", "IDENTITY", "REPORT"]
  .map((section) => `CYBEXP_${section}_MONGO_URL`).join(" or ");

function unknownVariable([name, meant]: readonly string[]): string {
  return `${name} is not a setting (environment). Did you mean ${meant}?`;
}

Deno.test("loadConfig ignores a relative XDG_DATA_HOME, as the specification asks", async () => {
  const relative = await load({}, { env: { XDG_DATA_HOME: "data" } });
  equal(relative.cache.url, "sqlite:$/home/.local/share/cybexp/cybexp.db");
  const absolute = await load({}, { env: { XDG_DATA_HOME: "$/data", HOME: "" } });
  equal(absolute.cache.url, "sqlite:$/data/cybexp/cybexp.db");
});

const FILES: [name: string, sources: Case, found: string | null][] = [
  ["--config first", { file: "../named.json", env: { CYBEXP_CONFIG: "x.json" } }, "$/named.json"],
  ["then $CYBEXP_CONFIG", { env: { CYBEXP_CONFIG: "../named.json" } }, "$/named.json"],
  ["then config.json here", { env: { CYBEXP_CONFIG: "" } }, "$/here/config.json"],
  ["then the user's", { folder: "/nowhere" }, "$/home/.config/cybexp/config.json"],
  ["then the user's, elsewhere", {
    folder: "/nowhere",
    env: { XDG_CONFIG_HOME: "$/xdg" },
  }, "$/xdg/cybexp/config.json"],
  ["nowhere else", { folder: "/nowhere", env: { HOME: "/nowhere" } }, null],
];

for (const [name, sources, found] of FILES) {
  Deno.test(`loadConfig looks for its file: ${name}`, async () => {
    const config = await load({
      "named.json": STORE_CONFIG,
      "here/config.json": STORE_CONFIG,
      "home/.config/cybexp/config.json": STORE_CONFIG,
      "xdg/cybexp/config.json": STORE_CONFIG,
    }, sources);
    equal(config.file, found);
  });
}

Deno.test("loadConfig reads aliases of typetags from a file and from flags", async () => {
  const content = { archive: { aliases: { "test_json": "cowrie", "unr-honeypot": "cowrie" } } };
  const { settings } = await load({ "here/config.json": content });
  const aliases = (from: typeof settings) => from.find(({ name }) => name === "archive.aliases");
  deepEqual(aliases(settings)?.value, ["test_json=cowrie", "unr-honeypot=cowrie"]);
  const flags = { "archive.aliases": "a=b,c-d=e" };
  deepEqual(aliases((await load({}, { flags })).settings)?.value, ["a=b", "c-d=e"]);
  for (const wrong of ["a", { a: "b-c" }, { a: 5 }, ["=b"]]) {
    const [fault] = await faultsOf({ "here/config.json": { archive: { aliases: wrong } } });
    match(fault!, /^archive\.aliases must name typetags by aliases/);
  }
});

Deno.test("loadConfig skips another program's config.json, but not a broken one", async () => {
  const other = { "here/config.json": { api: { url: "http://example.com/" } } };
  equal((await load(other)).file, null);
  equal((await load(other, { file: "config.json" })).file, "$/here/config.json");
  deepEqual(await faultsOf({ "here/config.json": '{"cache": {},}' }), [
    "Cannot read config file $/here/config.json: it is not JSON at line 1 column 14",
  ]);
});

Deno.test("loadConfig prefers flags, then the environment, then the file, then the default", async () => {
  const file = {
    "here/config.json": { cache: { db: "f" }, archive: { lease: 1, batch: 1, max_attempts: 1 } },
  };
  const config = await load(file, {
    env: { CYBEXP_ARCHIVE_LEASE: "2", CYBEXP_ARCHIVE_BATCH: "2", CYBEXP_CACHE_COLL: "" },
    flags: { "archive.lease": "3" },
  });
  const origins = Object.fromEntries(
    config.settings.map(({ name, value, origin }) => [name, [value, origin]]),
  );
  deepEqual(origins["archive.lease"], [3, "--set"]);
  deepEqual(origins["archive.batch"], [2, "CYBEXP_ARCHIVE_BATCH"]);
  deepEqual(origins["archive.max_attempts"], [1, "$/here/config.json"]);
  deepEqual(origins["cache.coll"], ["file_entries", "default"]);
  const { lease, batch, maxAttempts } = config.archive;
  deepEqual({ lease, batch, maxAttempts }, { lease: 3, batch: 2, maxAttempts: 1 });
});

Deno.test("loadConfig reports all faults at once, each with its origin", async () => {
  const url = "http://ann:s3cret@example.com/";
  const faults = await faultsOf({
    "here/config.json": {
      api: ["s3cret"],
      cache: { mongo_url: url, db: "" },
      archive: { lease: 0, envelope: "cbc" },
    },
  }, {
    env: { CYBEXP_ARCHIVE_BATCH: "many", CYBEXP_ARCHIVE_TYPETAGS: "a,,b" },
    flags: { "archive.max_bytes": "1.5", "archive.nonsense": "1" },
  });
  deepEqual(faults.toSorted(), [
    "api must be an object {…} ($/here/config.json)",
    "archive.batch must be a whole number from 1 to 1000 (CYBEXP_ARCHIVE_BATCH)",
    'archive.envelope must be "eax" or "gcm" ($/here/config.json)',
    "archive.lease must be a whole number from 1 to 3600 ($/here/config.json)",
    "archive.max_bytes must be a whole number from 1 to 536870912 (--set)",
    "archive.nonsense is not a setting (--set)",
    "archive.typetags must be a list of names (CYBEXP_ARCHIVE_TYPETAGS)",
    "cache.db must not be empty ($/here/config.json)",
    "cache.mongo_url must be mongodb://…, mongodb+srv://… or sqlite:PATH ($/here/config.json)",
  ]);
});

Deno.test("loadConfig reports the environment's faults beside a file that cannot be read", async () => {
  const faults = await faultsOf({}, { file: "no.json", env: { CYBEXP_ARCHIVE_LEASE: "x" } });
  equal(faults.length, 2);
  match(faults[0]!, /^Cannot read config file \$\/here\/no\.json: there is no such file/);
  match(faults[1]!, /^archive\.lease /);
});

Deno.test("loadConfig does not quote a broken file, which may contain passwords", async () => {
  const faults = await faultsOf({ "c.json": '{"cache": s3cret}' }, { file: "../c.json" });
  deepEqual(faults, ["Cannot read config file $/c.json: it is not JSON"]);
});

Deno.test("loadConfig reports that there is no folder for data", async () => {
  const [fault] = await faultsOf({}, { env: { HOME: "" } });
  match(fault!, /^Cannot choose a folder for data/);
});

Deno.test("loadConfig reads a file with a byte order mark", async () => {
  const config = await load({ "here/config.json": `\ufeff${JSON.stringify(STORE_CONFIG)}` });
  equal(config.cache.db, "found");
});

Deno.test("loadConfig accepts unknown keys and lists them as notices", async () => {
  const { notices } = await load({
    "here/config.json": {
      archive: { mongo_url: "mongodb://db.example.com", archive_db: "x" },
      tahoe: { mongo_url: "mongodb://db.example.com", colour: "x" },
      analytics: { anything: 1 },
      misp: 7,
    },
  });
  deepEqual(notices, [
    "misp is not a setting ($/here/config.json)",
    "archive.archive_db is not a setting ($/here/config.json)",
    "tahoe.colour is not a setting ($/here/config.json)",
  ]);
});

const TAHOE = { mongo_url: "mongodb://t.example.com", db: "t", coll: "t" };
const ARCHIVE = { mongo_url: "mongodb://a.example.com" };

Deno.test("loadConfig uses section tahoe for archive if only tahoe names the store", async () => {
  const { archive, settings } = await load({
    "here/config.json": { tahoe: TAHOE, archive: { lease: 9 } },
  });
  deepEqual([archive.url, archive.db, archive.coll], ["mongodb://t.example.com", "t", "t"]);
  const origin = settings.find(({ name }) => name === "archive.db")?.origin;
  equal(origin, "$/here/config.json, section tahoe");
});

Deno.test("loadConfig prefers section archive to tahoe and reports that they differ", async () => {
  const config = await load({ "here/config.json": { tahoe: TAHOE, archive: ARCHIVE } });
  const { url, db, coll } = config.archive;
  deepEqual([url, db, coll], ["mongodb://a.example.com", "tahoe_db", "instance"]);
  deepEqual(config.notices, [
    "tahoe names a different store from archive; archive is used ($/here/config.json)",
  ]);
});

Deno.test("loadConfig resolves paths relative to where they were set", async () => {
  const config = await load(
    {
      "etc/c.json": {
        archive: {
          mongo_url: "sqlite:data/a.db",
          private_key: "keys/p.pem",
          old_private_keys: ["keys/old, 1.pem", "/abs/old.pem"],
        },
        cache: { mongo_url: "sqlite:/abs/c.db" },
      },
    },
    {
      file: "../etc/c.json",
      env: { CYBEXP_REPORT_MONGO_URL: "sqlite:r.db" },
      flags: { "archive.public_key": "pub.pem" },
    },
  );
  equal(config.archive.url, "sqlite:$/etc/data/a.db");
  equal(config.archive.privateKey, "$/etc/keys/p.pem");
  deepEqual(config.archive.oldPrivateKeys, ["$/etc/keys/old, 1.pem", "/abs/old.pem"]);
  equal(config.cache.url, "sqlite:/abs/c.db");
  equal(config.report.url, "sqlite:$/here/r.db");
  equal(config.archive.publicKey, "$/here/pub.pem");
});

Deno.test("loadConfig reads old keys, separated by commas, from flags and the environment", async () => {
  const paths = "a.pem, /abs/b.pem";
  const env = { CYBEXP_ARCHIVE_OLD_PRIVATE_KEYS: paths };
  const flags = { "archive.old_private_keys": paths };
  for (const sources of [{ env }, { flags }]) {
    const { archive } = await load({ "here/config.json": STORE_CONFIG }, sources);
    deepEqual(archive.oldPrivateKeys, ["$/here/a.pem", "/abs/b.pem"]);
  }
  const faults = await faultsOf({}, { env: { CYBEXP_ARCHIVE_OLD_PRIVATE_KEYS: "a.pem," } });
  deepEqual(faults, [
    "archive.old_private_keys must be a list of paths (CYBEXP_ARCHIVE_OLD_PRIVATE_KEYS)",
  ]);
});

Deno.test("loadConfig rejects a key given instead of its path, and does not show it", async () => {
  const pem = "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n";
  const faults = await faultsOf({ "here/config.json": { archive: { old_private_keys: [pem] } } }, {
    env: { CYBEXP_ARCHIVE_PRIVATE_KEY: pem },
    flags: { "archive.public_key": pem },
  });
  const message = "must name a key file, not hold the key itself";
  deepEqual(faults, [
    `archive.private_key ${message} (CYBEXP_ARCHIVE_PRIVATE_KEY)`,
    `archive.public_key ${message} (--set)`,
    `archive.old_private_keys ${message} ($/here/config.json)`,
  ]);
});

Deno.test("loadConfig prefers a key from systemd's credentials", async () => {
  const { archive } = await load({ "here/config.json": STORE_CONFIG, "creds/priv.pem": "" }, {
    env: { CREDENTIALS_DIRECTORY: "$/creds" },
  });
  equal(archive.privateKey, "$/creds/priv.pem");
  equal(archive.publicKey, "$/here/pub.pem");
});

const TYPETAGS: [given: unknown, read: unknown][] = [
  [["cowrie", "own"], ["cowrie", "own"]],
  ["cowrie, own", ["cowrie", "own"]],
  ["*", ["*"]],
  [[], []],
];

for (const [given, read] of TYPETAGS) {
  Deno.test(`loadConfig reads the typetags ${JSON.stringify(given)}`, async () => {
    const config = await load({ "here/config.json": { archive: { typetags: given } } });
    deepEqual(config.archive.typetags, read);
  });
}

Deno.test("loadConfig masks secrets only in settings, which may be shown", async () => {
  const url = "mongodb://ann:s3cret@db.example.com/";
  const config = await load({
    "here/config.json": {
      api: { token: "s3cret", url: "https://ann:s3cret@example.com/" },
      cache: { mongo_url: url },
    },
  });
  equal(config.cache.url, url);
  equal(config.api.token, "s3cret");
  doesNotMatch(JSON.stringify(config.settings), /s3cret/);
  match(JSON.stringify(config.settings), /mongodb:\/\/ann:\*\*\*@db\.example\.com\//);
});

Deno.test("loadConfig notifies the API's host unless hosts are listed", async () => {
  const api = { host: "api.example.com" };
  const hosts = async (report: object) =>
    (await load({ "here/config.json": { ...STORE_CONFIG, api, report } })).report;
  deepEqual((await hosts({})).notifyHosts, ["api.example.com"]);
  const listed = await hosts({ notify_hosts: ["a.example.com"], notify_ports: "5000" });
  deepEqual(listed.notifyHosts, ["a.example.com"]);
  deepEqual(listed.notifyPorts, { least: 5000, most: 5000 });
});

const BAD_PORTS = ["0", "1-65536", "70000", "9-8", "1-2-3", "", "http", 5000];
const BAD_DECAYS = [0, 0.000009, 1.000001, "0x1", "1e-3", "", null];

for (
  const [name, values] of [["notify_ports", BAD_PORTS], ["threatrank_decay", BAD_DECAYS]] as const
) {
  Deno.test(`loadConfig rejects a report.${name} out of range`, async () => {
    for (const value of values) {
      const faults = await faultsOf({ "here/config.json": { report: { [name]: value } } });
      equal(faults.length, 1, String(value));
      match(faults[0]!, new RegExp(`^report\\.${name} must be `));
    }
  });
}
