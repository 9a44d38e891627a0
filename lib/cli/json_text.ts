import { printable } from "../printable.ts";

/**
 * Indented, whole numbers in full; control characters in strings are escaped, those too that JSON
 * lets stand.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, writeWhole, 2).split("\n").map(printable).join("\n");
}

function writeWhole(_name: string, value: unknown): unknown {
  // TypeScript does not know of rawJSON yet (ECMAScript proposal "JSON.parse source text access").
  const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };
  return typeof value === "bigint" ? rawJSON(String(value)) : value;
}
