import { resolve } from "node:path";
import * as v from "valibot";
import { ConfigError } from "../errors.ts";
import { maskUrl } from "../mask.ts";

/** What one source says a setting is. */
export type Given = {
  readonly value: unknown;
  /** Where it stands, for people: a path, `CYBEXP_ARCHIVE_LEASE`, `--set`. */
  readonly origin: string;
  /** Relative paths in it start here. */
  readonly folder: string;
};

/** A source of settings: a file, the environment, flags. Settings are named `archive.lease`. */
export type Layer = (name: string) => Given | undefined;

/** A setting as it may be shown: secrets are masked. */
export type Setting = {
  readonly name: string;
  readonly value: string | number | boolean | readonly string[];
  readonly origin: string;
  /** The environment variable that sets it. */
  readonly variable: string;
};

/** Reads settings one by one, the strongest layer first, and remembers all that is wrong. */
export class SettingReader {
  readonly #layers: readonly Layer[];
  readonly #settings: Setting[] = [];
  readonly #faults: string[] = [];

  constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** A setting that must fit the schema; if none is given, the fallback. */
  read<Value extends Setting["value"]>(
    name: string,
    schema: v.GenericSchema<unknown, Value>,
    fallback: Value,
  ): Value {
    return this.#read(name, schema, fallback, (value) => value, (value) => value);
  }

  /** A setting that is never shown. */
  readSecret(name: string, schema: v.GenericSchema<unknown, string>, fallback: string): string {
    return this.#read(name, schema, fallback, (value) => value, (value) => value && "***");
  }

  readPath(name: string, schema: v.GenericSchema<unknown, string>, fallback: string): string {
    const absolute = (path: string, folder: string) => resolve(folder, path);
    return this.#read(name, schema, fallback, absolute, (value) => value);
  }

  readPaths(
    name: string,
    schema: v.GenericSchema<unknown, string[]>,
    fallback: readonly string[],
  ): readonly string[] {
    const absolute = (paths: readonly string[], folder: string) =>
      paths.map((path) => resolve(folder, path));
    return this.#read<readonly string[]>(name, schema, fallback, absolute, (value) => value);
  }

  /** The URL of a server, or `sqlite:` and a path, which is made absolute. */
  readUrl(name: string, schema: v.GenericSchema<unknown, string>, fallback: string): string {
    const absolute = (url: string, folder: string) =>
      url.startsWith("sqlite:") ? `sqlite:${resolve(folder, url.slice("sqlite:".length))}` : url;
    return this.#read(name, schema, fallback, absolute, maskUrl);
  }

  fault(text: string): void {
    this.#faults.push(text);
  }

  has(name: string): boolean {
    return this.#settings.some((setting) => setting.name === name);
  }

  /** All that was read. Throws ConfigError if anything of it was wrong. */
  finish(): readonly Setting[] {
    if (this.#faults.length > 0) throw new ConfigError(this.#faults);
    return this.#settings;
  }

  #read<Value extends Setting["value"]>(
    name: string,
    schema: v.GenericSchema<unknown, Value>,
    fallback: Value,
    complete: (value: Value, folder: string) => Value,
    show: (value: Value) => Value,
  ): Value {
    const given = this.#find(name);
    let value = fallback;
    if (given !== undefined) {
      const result = v.safeParse(schema, given.value, { abortEarly: true });
      if (result.success) value = complete(result.output, given.folder);
      else this.fault(`${name} ${result.issues[0].message} (${given.origin})`);
    }
    const origin = given?.origin ?? "default";
    this.#settings.push({ name, value: show(value), origin, variable: variableOf(name) });
    return value;
  }

  #find(name: string): Given | undefined {
    for (const layer of this.#layers) {
      const given = layer(name);
      if (given !== undefined) return given;
    }
  }
}

/** `CYBEXP_ARCHIVE_MONGO_URL` sets `archive.mongo_url`. */
export function variableOf(name: string): string {
  return `CYBEXP_${name.replace(".", "_").toUpperCase()}`;
}
