import { type Command, CommanderError, InvalidArgumentError } from "commander";
import { type Config, loadConfig } from "../config.ts";
import { ConfigError, errorMessage } from "../errors.ts";
import { log, startLog } from "../log.ts";
import { printable } from "../printable.ts";
import { suggest } from "../suggest.ts";
import { systemPath } from "../system_reason.ts";
import { writeText } from "../write_text.ts";
import { newCommand } from "./command.ts";
import {
  type Context,
  type Databases,
  type OpenStores,
  type Section,
  SECTIONS,
  type Stores,
} from "./context.ts";
import { jsonText } from "../json_text.ts";
import { showMigration } from "./show_migration.ts";
import { unsetDatabase } from "./unset_database.ts";
import { stopSignal } from "./stop_signal.ts";

export type Program = {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly examples: readonly string[];
  readonly commands: readonly ((context: Context) => Command)[];
  /** Command that runs if the arguments name none; without it the help is shown. */
  readonly defaultCommand?: string;
  readonly databases: Databases;
  /** Ends the process at once; called at the second signal to stop, or by commands that need not end well. */
  readonly exit: (code: number) => void;
};

/** Commands that create the database file if it does not exist; others only name what is missing. */
const CREATING_COMMANDS: ReadonlySet<string> = new Set(["run", "serve", "submit", "import", "add"]);

type GlobalOptions = {
  readonly config?: string;
  readonly set?: { readonly [name: string]: string };
  readonly json?: true;
  readonly verbose?: true;
};

/**
 * Runs one command of the program. Returns the exit code: 0 for success, 1 if something failed, 2
 * if the arguments are wrong, 78 (EX_CONFIG) if the configuration is wrong.
 */
export async function runProgram(program: Program, args: readonly string[]): Promise<number> {
  startLog({ debug: false });
  const root = rootCommand(program);
  const invocation = new Invocation(root, program);
  for (const create of program.commands) {
    const command = create(invocation);
    root.addCommand(command, { isDefault: command.name() === program.defaultCommand });
  }
  root.hook("preAction", (_root, command) => {
    startLog({ debug: root.opts<GlobalOptions>().verbose === true });
    invocation.starts(command);
  });
  try {
    checkCommand(root, args, program);
    await root.parseAsync(args, { from: "user" });
    return invocation.failed ? 1 : 0;
  } catch (error) {
    return reportError(error);
  } finally {
    await invocation.close();
  }
}

/** Ends with exit code 2 where the default command would take a misspelt command for an argument. */
function checkCommand(root: Command, args: readonly string[], program: Program): void {
  if (program.defaultCommand === undefined) return;
  const [first] = rootCommand(program).parseOptions([...args]).operands;
  const names = root.commands.map((command) => command.name());
  if (first === undefined || first === "help" || names.includes(first)) return;
  const meant = suggest(first, names);
  const advice = meant === undefined
    ? `The commands are ${names.join(", ")}`
    : `Did you mean ${meant}?`;
  root.error(`error: there is no command "${printable(first)}". ${advice}`, { exitCode: 2 });
}

function rootCommand({ name, description, version, examples }: Program): Command {
  return newCommand(name, description, examples)
    .version(version)
    .option("-c, --config <file>", "read this configuration file")
    .option("-s, --set <name=value>", "set one value, such as archive.lease=30", addSetting)
    .option("--json", "write the result as JSON")
    .option("-v, --verbose", "write debug messages to the log");
}

function addSetting(
  setting: string,
  before: { readonly [name: string]: string } = {},
): { readonly [name: string]: string } {
  const equals = setting.indexOf("=");
  if (equals < 1) {
    throw new InvalidArgumentError("Give a name and a value, such as archive.lease=30.");
  }
  return { ...before, [setting.slice(0, equals)]: setting.slice(equals + 1) };
}

/** One run of a program: its configuration, the stores it opened, and whether it failed. */
class Invocation implements Context {
  readonly #root: Command;
  readonly #program: Program;
  readonly program: string;
  readonly version: string;
  #config: Promise<Config> | undefined;
  readonly #opened = new Map<string, { close(): Promise<void> }>();
  readonly #used = new Set<Section>();
  #stopSignal: AbortSignal | undefined;
  /** Exit code that stands for the signal that came. */
  #stopCode = 1;
  /** Whether the command creates a database file that does not exist. */
  #creates = false;
  /** Whether the command itself shows the notices of the configuration. */
  #showsConfig = false;
  failed = false;

  constructor(root: Command, program: Program) {
    this.#root = root;
    this.#program = program;
    this.program = program.name;
    this.version = program.version;
  }

  /** Takes note of which command runs. */
  starts(command: Command): void {
    this.#creates = CREATING_COMMANDS.has(command.name());
    this.#showsConfig = command.name() === "doctor" || command.parent?.name() === "config";
  }

  config(): Promise<Config> {
    const { config: file, set: flags = {} } = this.#root.opts<GlobalOptions>();
    const env = (name: string) => Deno.env.get(name);
    return this.#config ??= loadConfig({
      file,
      flags,
      env,
      variables: environmentNames(),
      folder: Deno.cwd(),
    }).then((config) => {
      if (!this.#showsConfig) { for (const notice of config.notices) log.warn(notice); }
      return config;
    });
  }

  async stores<Name extends keyof Stores>(...names: Name[]): Promise<OpenStores<Name>> {
    const key = names.join();
    const opened = this.#opened.get(key) as OpenStores<Name> | undefined;
    if (opened !== undefined) return opened;
    const config = await this.config();
    this.#warnOfUnset(config, new Set(names.map((name) => SECTIONS[name])));
    const stores = await this.#program.databases.open(config, names, {
      create: this.#creates,
      onCopied: showMigration(),
    });
    this.#opened.set(key, stores);
    return stores;
  }

  /** Warns, once for each section, of databases beside those that are named. */
  #warnOfUnset(config: Config, sections: Iterable<Section>): void {
    for (const section of sections) {
      if (this.#used.has(section)) continue;
      this.#used.add(section);
      const warning = unsetDatabase(config, section);
      if (warning !== undefined) log.warn(warning);
    }
  }

  stopSignal(): AbortSignal {
    return this.#stopSignal ??= stopSignal({
      stop: (code) => this.#stopCode = code,
      exit: this.#program.exit,
    });
  }

  inspect: Databases["inspect"] = (config, section) =>
    this.#program.databases.inspect(config, section, { onCopied: showMigration() });

  backUp: Databases["backUp"] = (path, copy) => this.#program.databases.backUp(path, copy);

  show(value: unknown, text: () => string): void {
    const { json } = this.#root.opts<GlobalOptions>();
    writeText(Deno.stdout, (json ? jsonText(value) : text()) + "\n");
  }

  fail(): void {
    this.failed = true;
  }

  endBySignal(): void {
    this.#program.exit(this.#stopCode);
  }

  /** Closes all stores that are open. */
  async close(): Promise<void> {
    for (const stores of this.#opened.values()) await stores.close();
  }
}

/** Names of all environment variables; undefined if the program may read only some of them. */
function environmentNames(): string[] | undefined {
  if (Deno.permissions.querySync({ name: "env" }).state !== "granted") return undefined;
  return Object.keys(Deno.env.toObject());
}

/**
 * Logs each fault on a line of its own, and returns the exit code. Commander has reported its own
 * errors already.
 */
function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) {
    for (const fault of error.faults) log.error(fault);
    return 78;
  }
  const path = error instanceof Error ? systemPath(error) : undefined;
  log.error((path === undefined ? "" : `Cannot use ${path}: `) + errorMessage(error));
  if (error instanceof Error) log.debug("Stack trace", { name: error.name, stack: error.stack });
  return 1;
}
