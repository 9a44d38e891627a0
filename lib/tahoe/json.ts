import { type JsonBuilder, type JsonLimits, JsonParser } from "./json_parser.ts";
import type { Fields, Value } from "./value.ts";

export type JsonOptions = JsonLimits & {
  /** Names whose values are joined to one list if an object has them more than once. */
  readonly joined?: ReadonlySet<string>;
};

/**
 * Reads JSON as Python's `json` module does: whole numbers of any size become `bigint`, all others
 * `number`; `NaN`, `Infinity` and `-Infinity` are allowed; the last of equal keys wins, except for
 * those in `joined`. Objects have no prototype, so that `__proto__` is a key like any other.
 *
 * @throws {SyntaxError} when the text is not JSON.
 * @throws {RangeError} when it exceeds a limit.
 */
export function parseJson(text: string, options: JsonOptions = {}): Value {
  const { joined } = options;
  const values = joined === undefined ? PLAIN_VALUES : new Values(joined);
  return new JsonParser(text, values, options).parse();
}

/** Builds what JSON stands for. */
class Values implements JsonBuilder<Value, Record<string, Value>, Value[]> {
  readonly #joined: ReadonlySet<string>;

  constructor(joined: ReadonlySet<string>) {
    this.#joined = joined;
  }

  scalar(value: Value): Value {
    return value;
  }

  object(): Record<string, Value> {
    return Object.create(null);
  }

  addMember(fields: Record<string, Value>, name: string, value: Value): void {
    fields[name] = this.#joined.has(name) ? joinValues(fields[name], value) : value;
  }

  endObject(fields: Record<string, Value>): Value {
    return fields;
  }

  list(): Value[] {
    return [];
  }

  addItem(items: Value[], value: Value): void {
    items.push(value);
  }

  endList(items: Value[]): Value {
    return items;
  }
}

const PLAIN_VALUES = new Values(new Set());

/** Both values in one list, if both are lists or objects; else the second. */
function joinValues(first: Value | undefined, second: Value): Value {
  const isJoined = [first, second].every((value) => typeof value === "object" && value !== null);
  return isJoined ? [first!, second].flat() : second;
}

/** Writes JSON as Python's `json.dumps` does, in ASCII; the inverse of {@link parseJson}. */
export function writeJson(value: Value): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return writeFloat(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(", ")}]`;
  const fields = value as Fields;
  return `{${
    Object.keys(fields).map((name) => `${quote(name)}: ${writeJson(fields[name]!)}`).join(", ")
  }}`;
}

// deno-lint-ignore no-control-regex -- JSON forbids exactly these in a string
const ESCAPED = /["\\\u0000-\u001f\u007f-\uffff]/;

/** Writes a JSON string in ASCII: everything above U+007E is escaped, in lower-case hex. */
export function quote(string: string): string {
  if (!ESCAPED.test(string)) return `"${string}"`;
  // JSON.stringify escapes nothing from U+007F on, except lone surrogates.
  return JSON.stringify(string).replace(
    /[\u007f-\uffff]/g,
    (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

/** Python's `repr` of a float, with JSON's `NaN`, `Infinity` and `-Infinity`. */
export function writeFloat(number: number): string {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (Object.is(number, -0)) return "-0.0";
  const size = Math.abs(number);
  if (number !== 0 && (size < 1e-4 || size >= 1e16)) {
    return number.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const digits = String(number);
  return digits.includes(".") ? digits : digits + ".0";
}
