import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type ConfigFile,
  type Environment,
  findConfigFile,
  namesMongo,
  namesUrl,
  xdgFolder,
} from "./config/file.ts";
import { configNotices, envLayer, fileLayer, flagLayer, sectionFaults } from "./config/layers.ts";
import { unknownSetting } from "./config/unknown_setting.ts";
import { unknownVariables } from "./config/unknown_variables.ts";
import { type ListenAddress, listenSchema, parseListenAddress } from "./config/listen_address.ts";
import { metricsSchema, type MetricsTarget, parseMetricsTarget } from "./config/metrics_target.ts";
import { type Setting, SettingReader } from "./config/reader.ts";
import {
  aliasList,
  envelopeMode,
  filledString,
  httpUrl,
  keyPath,
  keyPaths,
  memorySetting,
  nameList,
  numberSetting,
  portRange,
  storeUrl,
  stringSchema,
  trueOrFalse,
  wholeNumberSetting,
} from "./config/schemas.ts";
import { type Aliases, parseAliases } from "./aliases.ts";
import { ConfigError } from "./errors.ts";

/** The location of a store. */
export type StoreConfig = {
  /** `mongodb://…`, `mongodb+srv://…`, or `sqlite:` and an absolute path. May contain a password. */
  readonly url: string;
  readonly db: string;
  readonly coll: string;
};

/** Settings of the archive program, and the location of its store. */
export type ArchiveConfig = StoreConfig & {
  /** Absolute paths of PEM files. */
  readonly privateKey: string;
  readonly publicKey: string;
  /** Absolute paths of older keys, for which uploads and queries may still be sealed. */
  readonly oldPrivateKeys: readonly string[];
  /** Typetags archived in addition to the built-in ones; with `*` every name that can be a sub-type. */
  readonly typetags: readonly string[];
  /** Typetags of uploads that are archived as others, by the typetag they come with. */
  readonly aliases: Aliases;
  /** Whether uploads are turned into events; false where another program does that. */
  readonly filters: boolean;
  /** Seconds for which a worker claims entries. */
  readonly lease: number;
  /** Entries claimed at once. */
  readonly batch: number;
  readonly maxAttempts: number;
  /** The most bytes of an envelope; larger ones are not archived. */
  readonly maxBytes: number;
  /** The mode in which envelopes are tried first. */
  readonly envelope: "eax" | "gcm";
  /** Null if metrics are not published. */
  readonly metrics: MetricsTarget | null;
};

/** Settings of the report program, and the location of its store. */
export type ReportConfig = StoreConfig & {
  /** Seconds for which a worker claims queries. */
  readonly lease: number;
  /** Queries answered at once. */
  readonly parallel: number;
  readonly maxAttempts: number;
  /** Hosts, in addition to the API's, where callers may be notified; names as in queries. */
  readonly notifyHosts: readonly string[];
  readonly notifyPorts: { readonly least: number; readonly most: number };
  /** Factor that an event's weight in ThreatRank is multiplied by for each day of its age. */
  readonly decay: number;
  /** The most MiB for a copy of the graph, from which ThreatRanks are answered; 0 for none. */
  readonly graphMemory: number | "auto";
  /** The most events loaded for one ThreatRank. */
  readonly maxEvents: number;
  /** The most edges loaded for one ThreatRank. */
  readonly maxEdges: number;
  /** The most wedges counted for one ThreatRank. */
  readonly maxWedges: number;
  /** The most seconds spent on one ThreatRank. */
  readonly deadline: number;
  /** Null if metrics are not published. */
  readonly metrics: MetricsTarget | null;
};

/** The location of the users and organisations, and what their tokens are signed with. */
export type IdentityConfig = StoreConfig & {
  /** Shared with the existing system, so that its tokens stay valid. */
  readonly secret: string;
};

/** Settings of `report serve`. */
export type DoorConfig = {
  readonly listen: ListenAddress;
  /** The most requests of one caller in a minute. */
  readonly requestsPerMinute: number;
  /** The most questions of one caller that are being answered at the same time. */
  readonly questions: number;
  /** Null if metrics are not published. */
  readonly metrics: MetricsTarget | null;
};

/** The configuration of an installation, checked and complete. */
export type Config = {
  /** Absolute path of the file that was read; null if there is none. */
  readonly file: string | null;
  readonly api: { readonly url: string; readonly host: string; readonly token: string };
  /** The store of TAHOE instances, which the sections `archive` and `tahoe` both name. */
  readonly archive: ArchiveConfig;
  readonly cache: StoreConfig;
  readonly identity: IdentityConfig;
  readonly report: ReportConfig;
  readonly door: DoorConfig;
  /** Every setting with its origin; secrets are masked. */
  readonly settings: readonly Setting[];
  /** Harmless oddities, such as keys that nothing reads. */
  readonly notices: readonly string[];
};

/** The secret of the existing system's own defaults, which everybody knows. */
export const DEFAULT_SECRET = "secret";

export type LoadConfigOptions = {
  /** The file to read; if missing, {@link findConfigFile} looks for one. */
  readonly file?: string | undefined;
  /** Values that override all others, by name, such as `{"archive.lease": "30"}`. */
  readonly flags: { readonly [name: string]: string };
  readonly env: Environment;
  /** Names of all environment variables, if the program may list them. */
  readonly variables?: readonly string[] | undefined;
  /** The current folder. */
  readonly folder: string;
};

/**
 * Loads the configuration: flags override the environment, which overrides the file, which overrides
 * the defaults. The setting `archive.lease` is CYBEXP_ARCHIVE_LEASE in the environment, where an empty
 * value counts as unset. Paths in the file are relative to its folder, others to the current one.
 *
 * What a file that names a MongoDB URL leaves out has the existing system's defaults: MongoDB databases
 * on this host. Otherwise everything is in one SQLite file in $XDG_DATA_HOME/cybexp.
 *
 * @throws {ConfigError} when anything is wrong; lists all faults.
 */
export async function loadConfig(
  { file: named, flags, env, variables, folder }: LoadConfigOptions,
): Promise<Config> {
  const { file, faults } = await readFile(named, folder, env);
  const reader = new SettingReader([
    flagLayer(flags, folder),
    envLayer(env, folder),
    fileLayer(file),
  ]);
  for (const fault of [...faults, ...sectionFaults(file)]) reader.addFault(fault);
  const home = dataFolder(env) ?? (file === null ? null : dirname(file.path));
  if (home === null && faults.length === 0) {
    reader.addFault(
      "Cannot choose a folder for data: set HOME or XDG_DATA_HOME, or name a file with --config",
    );
  }
  const config = readSettings(reader, { file, home: home ?? "/", env });
  const known = new Set(reader.settings.map(({ name }) => name));
  for (const name of Object.keys(flags).filter((name) => !known.has(name))) {
    reader.addFault(unknownSetting(name, "--set", reader.settings));
  }
  const settings = reader.finish();
  const unknown = unknownVariables(env, {
    known: settings.map(({ variable }) => variable),
    ...(variables !== undefined && { names: variables }),
  });
  const notices = [
    ...configNotices(file, settings),
    ...unknown.map((name) => unknownSetting(name, "environment", settings)),
  ];
  return { ...config, settings, notices };
}

/** Reads the file, or returns its faults, so that they are reported with all others. */
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

/** The folder $XDG_DATA_HOME/cybexp; null if there is no home folder. */
function dataFolder(env: Environment): string | null {
  const folder = xdgFolder(env, "XDG_DATA_HOME", ".local/share");
  return folder === null ? null : join(folder, "cybexp");
}

function readSettings(
  reader: SettingReader,
  { file, home, env }: {
    readonly file: ConfigFile | null;
    readonly home: string;
    readonly env: Environment;
  },
): Omit<Config, "settings" | "notices"> {
  const onMongo = file !== null && namesMongo(file);
  const url = onMongo ? "mongodb://localhost:27017/" : `sqlite:${join(home, "cybexp.db")}`;
  const keyFolders = [
    ...(file === null ? [] : [dirname(file.path)]),
    ...(file !== null && namesUrl(file) ? [] : [home]),
  ];
  const store = (section: string, db: string, coll: string): StoreConfig => ({
    url: reader.readUrl(`${section}.mongo_url`, storeUrl, url),
    db: reader.read(`${section}.db`, filledString, db),
    coll: reader.read(`${section}.coll`, filledString, coll),
  });
  const api = {
    url: reader.readUrl("api.url", httpUrl, "http://localhost:5000/"),
    host: reader.read("api.host", filledString, "localhost"),
    token: reader.readSecret("api.token", stringSchema, ""),
  };
  return {
    file: file?.path ?? null,
    api,
    archive: {
      ...store("archive", "tahoe_db", "instance"),
      privateKey: reader.readPath(
        "archive.private_key",
        keyPath,
        defaultKeyPath("priv.pem", keyFolders, env),
      ),
      publicKey: reader.readPath(
        "archive.public_key",
        keyPath,
        defaultKeyPath("pub.pem", keyFolders, env),
      ),
      oldPrivateKeys: reader.readPaths("archive.old_private_keys", keyPaths, []),
      typetags: reader.read("archive.typetags", nameList, []),
      aliases: parseAliases(reader.read("archive.aliases", aliasList, [])),
      filters: reader.read("archive.filters", trueOrFalse, true),
      lease: reader.read("archive.lease", wholeNumberSetting(1, 3600), 60),
      batch: reader.read("archive.batch", wholeNumberSetting(1, 1000), 64),
      maxAttempts: reader.read("archive.max_attempts", wholeNumberSetting(1, 1000), 10),
      maxBytes: reader.read(
        "archive.max_bytes",
        wholeNumberSetting(1, 512 * 1024 ** 2),
        64 * 1024 ** 2,
      ),
      envelope: reader.read("archive.envelope", envelopeMode, "eax"),
      metrics: parseMetricsTarget(reader.read("archive.metrics", metricsSchema, "")),
    },
    cache: store("cache", "cache_db", "file_entries"),
    identity: {
      ...store("identity", "identity_db", "instance"),
      secret: reader.readSecret("identity.secret", filledString, DEFAULT_SECRET),
    },
    report: {
      ...store("report", "report_db", "instance"),
      lease: reader.read("report.lease", wholeNumberSetting(1, 3600), 60),
      parallel: reader.read("report.parallel", wholeNumberSetting(1, 1000), 64),
      maxAttempts: reader.read("report.max_attempts", wholeNumberSetting(1, 1000), 10),
      notifyHosts: reader.read("report.notify_hosts", nameList, [api.host]),
      notifyPorts: parsePortRange(reader.read("report.notify_ports", portRange, "1024-65535")),
      decay: reader.read("report.threatrank_decay", numberSetting(0.00001, 1), 0.998),
      graphMemory: reader.read("report.graph_memory", memorySetting, "auto"),
      maxEvents: reader.read("report.max_events", wholeNumberSetting(1, 10_000_000), 200_000),
      maxEdges: reader.read("report.max_edges", wholeNumberSetting(1, 100_000_000), 2_000_000),
      maxWedges: reader.read("report.max_wedges", wholeNumberSetting(1, 10 ** 12), 200_000_000),
      deadline: reader.read("report.deadline", wholeNumberSetting(1, 3600), 30),
      metrics: parseMetricsTarget(reader.read("report.metrics", metricsSchema, "")),
    },
    door: {
      listen: parseListenAddress(reader.read("door.listen", listenSchema, "127.0.0.1:8480")),
      requestsPerMinute: reader.read(
        "door.requests_per_minute",
        wholeNumberSetting(1, 10_000_000),
        6000,
      ),
      questions: reader.read("door.questions", wholeNumberSetting(1, 10_000), 16),
      metrics: parseMetricsTarget(reader.read("door.metrics", metricsSchema, "")),
    },
  };
}

function parsePortRange(range: string): ReportConfig["notifyPorts"] {
  const [least = 0, most = least] = range.split("-").map(Number);
  return { least, most };
}

/**
 * The path of a key: systemd's credential (LoadCredential=), or in the first of the folders that has
 * one, or else in the last.
 */
function defaultKeyPath(name: string, folders: readonly string[], env: Environment): string {
  const credentials = env("CREDENTIALS_DIRECTORY");
  if (credentials && existsSync(join(credentials, name))) return join(credentials, name);
  const paths = folders.map((folder) => join(folder, name));
  return paths.find(existsSync) ?? paths.at(-1)!;
}
