import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ConfigFile, type Environment, findConfigFile, userFolder } from "./config/file.ts";
import { envLayer, fileLayer, flagLayer, misshapenSections, oddities } from "./config/layers.ts";
import { type MetricsPlace, metricsPlace, metricsText } from "./config/metrics_place.ts";
import { type Setting, SettingReader } from "./config/reader.ts";
import {
  decimal,
  envelopeMode,
  filledText,
  flag,
  httpUrl,
  keyPath,
  keyPaths,
  nameList,
  portRange,
  storeUrl,
  text,
  wholeNumber,
} from "./config/schemas.ts";
import { ConfigError } from "./errors.ts";

/** Where a store is. */
export type StoreConfig = {
  /** `mongodb://…`, `mongodb+srv://…`, or `sqlite:` and an absolute path. May hold a password. */
  readonly url: string;
  readonly db: string;
  readonly coll: string;
};

export type ArchiveConfig = StoreConfig & {
  /** Absolute paths of PEM files. */
  readonly privateKey: string;
  readonly publicKey: string;
  /** Of keys that uploads and queries may still be sealed for. */
  readonly oldPrivateKeys: readonly string[];
  /** Types archived beside the built-in ones; `*` among them: every name that can be a sub-type. */
  readonly typetags: readonly string[];
  /** Whether events are made of what is archived; not where another program does that. */
  readonly filters: boolean;
  /** Seconds for which a worker claims entries. */
  readonly lease: number;
  /** Entries claimed at once. */
  readonly batch: number;
  readonly maxAttempts: number;
  /** Bytes of an envelope; larger ones are not archived. */
  readonly maxBytes: number;
  /** The mode in which envelopes are tried first. */
  readonly envelope: "eax" | "gcm";
  /** Null: nowhere. */
  readonly metrics: MetricsPlace | null;
};

export type ReportConfig = StoreConfig & {
  /** Seconds for which a worker claims queries. */
  readonly lease: number;
  /** Queries answered at once. */
  readonly parallel: number;
  readonly maxAttempts: number;
  /** Where callers may be notified beside the API's host; the names as queries give them. */
  readonly notifyHosts: readonly string[];
  readonly notifyPorts: { readonly least: number; readonly most: number };
  /** What a day takes from an event's weight in ThreatRank. */
  readonly decay: number;
  /** Events and edges loaded, wedges counted and seconds spent on one ThreatRank. */
  readonly maxEvents: number;
  readonly maxEdges: number;
  readonly maxWedges: number;
  readonly deadline: number;
  /** Null: nowhere. */
  readonly metrics: MetricsPlace | null;
};

export type Config = {
  /** The file that was read: its absolute path. Null if there is none. */
  readonly file: string | null;
  readonly api: { readonly url: string; readonly host: string; readonly token: string };
  /** TAHOE instances: sections `archive` and `tahoe` both name them. */
  readonly archive: ArchiveConfig;
  readonly cache: StoreConfig;
  readonly identity: StoreConfig;
  readonly report: ReportConfig;
  /** Every value and where it came from; secrets are masked. */
  readonly settings: readonly Setting[];
  /** What is odd but does no harm, such as keys nothing reads. */
  readonly notices: readonly string[];
};

export type ConfigSources = {
  /** The file to read; if none is given it is looked for, see {@link findConfigFile}. */
  readonly file?: string | undefined;
  /** Values that win over all others, by name: `{"archive.lease": "30"}`. */
  readonly flags: { readonly [name: string]: string };
  readonly env: Environment;
  /** The current folder. */
  readonly folder: string;
};

/**
 * The configuration: flags before environment before file before defaults. A setting `archive.lease`
 * is CYBEXP_ARCHIVE_LEASE in the environment, where an empty value counts as none. Paths in the file
 * are relative to its folder, others to the current one.
 *
 * A file names MongoDB databases, with the existing system's defaults for what it leaves out.
 * Without any file all is in one SQLite file in $XDG_DATA_HOME/cybexp.
 *
 * Throws ConfigError with all faults.
 */
export async function loadConfig(
  { file: named, flags, env, folder }: ConfigSources,
): Promise<Config> {
  const { file, faults } = await readFile(named, folder, env);
  const reader = new SettingReader([
    flagLayer(flags, folder),
    envLayer(env, folder),
    fileLayer(file),
  ]);
  for (const fault of [...faults, ...misshapenSections(file)]) reader.fault(fault);
  const home = file === null ? dataFolder(env) : dirname(file.path);
  if (home === null && faults.length === 0) {
    reader.fault(
      "Cannot choose a folder for data: set HOME or XDG_DATA_HOME, or name a file with --config",
    );
  }
  const config = readSettings(reader, file, home ?? "/", env);
  for (const name of Object.keys(flags).filter((name) => !reader.has(name))) {
    reader.fault(`${name} is no setting (--set)`);
  }
  const settings = reader.finish();
  return { ...config, settings, notices: oddities(file, (name) => reader.has(name)) };
}

/** The file, or what is wrong with it: what else is wrong shall be told with it. */
async function readFile(
  named: string | undefined,
  folder: string,
  env: Environment,
): Promise<{ readonly file: ConfigFile | null; readonly faults: readonly string[] }> {
  try {
    return { file: await findConfigFile(named, folder, env), faults: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { file: null, faults: error.faults };
  }
}

/** $XDG_DATA_HOME/cybexp, or null if there is no home folder. */
function dataFolder(env: Environment): string | null {
  const folder = userFolder(env, "XDG_DATA_HOME", ".local/share");
  return folder === null ? null : join(folder, "cybexp");
}

function readSettings(
  reader: SettingReader,
  file: ConfigFile | null,
  home: string,
  env: Environment,
): Omit<Config, "settings" | "notices"> {
  const url = file === null ? `sqlite:${join(home, "cybexp.db")}` : "mongodb://localhost:27017/";
  const store = (section: string, db: string, coll: string): StoreConfig => ({
    url: reader.readUrl(`${section}.mongo_url`, storeUrl, url),
    db: reader.read(`${section}.db`, filledText, db),
    coll: reader.read(`${section}.coll`, filledText, coll),
  });
  const api = {
    url: reader.readUrl("api.url", httpUrl, "http://localhost:5000/"),
    host: reader.read("api.host", filledText, "localhost"),
    token: reader.readSecret("api.token", text, ""),
  };
  return {
    file: file?.path ?? null,
    api,
    archive: {
      ...store("archive", "tahoe_db", "instance"),
      privateKey: reader.readPath(
        "archive.private_key",
        keyPath,
        keyFile("priv.pem", home, env),
      ),
      publicKey: reader.readPath("archive.public_key", keyPath, keyFile("pub.pem", home, env)),
      oldPrivateKeys: reader.readPaths("archive.old_private_keys", keyPaths, []),
      typetags: reader.read("archive.typetags", nameList, []),
      filters: reader.read("archive.filters", flag, true),
      lease: reader.read("archive.lease", wholeNumber(1, 3600), 60),
      batch: reader.read("archive.batch", wholeNumber(1, 1000), 64),
      maxAttempts: reader.read("archive.max_attempts", wholeNumber(1, 1000), 10),
      maxBytes: reader.read("archive.max_bytes", wholeNumber(1, 512 * 1024 ** 2), 64 * 1024 ** 2),
      envelope: reader.read("archive.envelope", envelopeMode, "eax"),
      metrics: metricsPlace(reader.read("archive.metrics", metricsText, "")),
    },
    cache: store("cache", "cache_db", "file_entries"),
    identity: store("identity", "identity_db", "instance"),
    report: {
      ...store("report", "report_db", "instance"),
      lease: reader.read("report.lease", wholeNumber(1, 3600), 60),
      parallel: reader.read("report.parallel", wholeNumber(1, 1000), 64),
      maxAttempts: reader.read("report.max_attempts", wholeNumber(1, 1000), 10),
      notifyHosts: reader.read("report.notify_hosts", nameList, [api.host]),
      notifyPorts: portsOf(reader.read("report.notify_ports", portRange, "1024-65535")),
      decay: reader.read("report.threatrank_decay", decimal(0.00001, 1), 0.998),
      maxEvents: reader.read("report.max_events", wholeNumber(1, 10_000_000), 200_000),
      maxEdges: reader.read("report.max_edges", wholeNumber(1, 100_000_000), 2_000_000),
      maxWedges: reader.read("report.max_wedges", wholeNumber(1, 10 ** 12), 200_000_000),
      deadline: reader.read("report.deadline", wholeNumber(1, 3600), 30),
      metrics: metricsPlace(reader.read("report.metrics", metricsText, "")),
    },
  };
}

function portsOf(range: string): ReportConfig["notifyPorts"] {
  const [least = 0, most = least] = range.split("-").map(Number);
  return { least, most };
}

/** systemd's credential if there is one (LoadCredential=), else beside the config file or the data. */
function keyFile(name: string, home: string, env: Environment): string {
  const credentials = env("CREDENTIALS_DIRECTORY");
  if (credentials && existsSync(join(credentials, name))) return join(credentials, name);
  return join(home, name);
}
