import { printable } from "./printable.ts";

/**
 * Formats a value as indented JSON. Whole numbers are written in full. Control characters in
 * strings are escaped, even those that JSON allows.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, writeBigInt, 2).split("\n").map(printable).join("\n");
}

/** Formats a value as JSON on a single line, as `--json` of long lists does. */
export function jsonLine(value: unknown): string {
  return printable(JSON.stringify(value, writeBigInt));
}

function writeBigInt(_name: string, value: unknown): unknown {
  // TypeScript does not know rawJSON yet (ECMAScript proposal "JSON.parse source text access").
  const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };
  return typeof value === "bigint" ? rawJSON(String(value)) : value;
}
