import { resolve } from "node:path";
import * as v from "valibot";
import { ConfigError } from "../errors.ts";
import { maskUrl } from "../mask.ts";

/** The value that one layer gives a setting. */
export type LayerValue = {
  readonly value: unknown;
  /** Where the value is set, for people: a path, `CYBEXP_ARCHIVE_LEASE`, `--set`. */
  readonly origin: string;
  /** Folder at which relative paths in the value start. */
  readonly folder: string;
};

/**
 * Looks up settings in a file, the environment or flags, by names such as `archive.lease`; returns
 * undefined for settings it does not have.
 */
export type Layer = (name: string) => LayerValue | undefined;

/** A setting with its value, in a form that may be shown: secrets are masked. */
export type Setting = {
  readonly name: string;
  readonly value: string | number | boolean | readonly string[];
  readonly origin: string;
  /** The environment variable that sets it. */
  readonly variable: string;
};

/** Reads settings one by one, the strongest layer first, and collects all faults. */
export class SettingReader {
  readonly #layers: readonly Layer[];
  readonly #settings: Setting[] = [];
  readonly #faults: string[] = [];

  constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** Reads a setting, which must match the schema; returns the fallback if no layer has it. */
  read<Value extends Setting["value"]>(
    name: string,
    schema: v.GenericSchema<unknown, Value>,
    fallback: Value,
  ): Value {
    return this.#read(name, schema, { fallback });
  }

  /** Reads a setting that is never shown. */
  readSecret(name: string, schema: v.GenericSchema<unknown, string>, fallback: string): string {
    return this.#read(name, schema, { fallback, show: (value) => value && "***" });
  }

  /** Reads a path, and makes it absolute. */
  readPath(name: string, schema: v.GenericSchema<unknown, string>, fallback: string): string {
    const complete = (path: string, folder: string) => resolve(folder, path);
    return this.#read(name, schema, { fallback, complete });
  }

  /** Reads a list of paths, and makes them absolute. */
  readPaths(
    name: string,
    schema: v.GenericSchema<unknown, string[]>,
    fallback: readonly string[],
  ): readonly string[] {
    const complete = (paths: readonly string[], folder: string) =>
      paths.map((path) => resolve(folder, path));
    return this.#read<readonly string[]>(name, schema, { fallback, complete });
  }

  /** Reads the URL of a server, or `sqlite:` and a path, which becomes absolute. */
  readUrl(name: string, schema: v.GenericSchema<unknown, string>, fallback: string): string {
    const complete = (url: string, folder: string) =>
      url.startsWith("sqlite:") ? `sqlite:${resolve(folder, url.slice("sqlite:".length))}` : url;
    return this.#read(name, schema, { fallback, complete, show: maskUrl });
  }

  addFault(fault: string): void {
    this.#faults.push(fault);
  }

  /** The settings that were read so far, whatever their faults. */
  get settings(): readonly Setting[] {
    return this.#settings;
  }

  /**
   * Returns all settings that were read.
   *
   * @throws {ConfigError} when there were faults; lists all of them.
   */
  finish(): readonly Setting[] {
    if (this.#faults.length > 0) throw new ConfigError(this.#faults);
    return this.#settings;
  }

  #read<Value extends Setting["value"]>(
    name: string,
    schema: v.GenericSchema<unknown, Value>,
    { fallback, complete = (value) => value, show = (value) => value }: {
      readonly fallback: Value;
      /** Makes relative paths absolute. */
      readonly complete?: (value: Value, folder: string) => Value;
      /** Masks secrets. */
      readonly show?: (value: Value) => Value;
    },
  ): Value {
    const found = this.#find(name);
    let value = fallback;
    if (found !== undefined) {
      const result = v.safeParse(schema, found.value, { abortEarly: true });
      if (result.success) value = complete(result.output, found.folder);
      else this.addFault(`${name} ${result.issues[0].message} (${found.origin})`);
    }
    const origin = found?.origin ?? "default";
    this.#settings.push({ name, value: show(value), origin, variable: variableName(name) });
    return value;
  }

  #find(name: string): LayerValue | undefined {
    for (const layer of this.#layers) {
      const found = layer(name);
      if (found !== undefined) return found;
    }
  }
}

/** The environment variable of a setting, such as `CYBEXP_ARCHIVE_LEASE` for `archive.lease`. */
export function variableName(name: string): string {
  return `CYBEXP_${name.replace(".", "_").toUpperCase()}`;
}
