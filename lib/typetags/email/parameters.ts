import { Scanner } from "./scanner.ts";

/**
 * The parameters of a header such as Content-Type (RFC 2045, section 5.1) by their names in lower
 * case; the first counts if a name occurs twice. Leaves out parameters in the form of RFC 2231:
 * charset and boundary, the ones needed here, are never long or in another charset.
 */
export function readParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const scanner = new Scanner(header);
  skipToSemicolon(scanner);
  while (scanner.take(";")) {
    const [name, value] = readParameter(scanner) ?? [];
    if (name !== undefined && value !== undefined && !parameters.has(name)) {
      parameters.set(name, value);
    }
    skipToSemicolon(scanner);
  }
  return parameters;
}

function readParameter(scanner: Scanner): readonly [name: string, value: string] | undefined {
  scanner.skipSpace();
  const name = scanner.takeMatch(/[^()<>@,:;\\"[\]/?=*'% \t]+/y).toLowerCase();
  scanner.skipSpace();
  if (name === "") return undefined;
  if (scanner.atEnd || scanner.isAt(";")) return [name, ""];
  if (!scanner.take("=")) return undefined;
  scanner.skipSpace();
  if (scanner.isAt('"')) return [name, scanner.takeQuoted()];
  const value = scanner.takeMatch(/[^()<>@,:;\\"[\]/?=*' \t]+/y);
  return value === "" ? undefined : [name, value];
}

/** Skips the rest of a parameter; semicolons in quotation marks and comments do not end it. */
function skipToSemicolon(scanner: Scanner): void {
  while (!scanner.atEnd && !scanner.isAt(";")) {
    if (scanner.isAt('"')) scanner.takeQuoted();
    else if (!scanner.skipSpace()) scanner.takeMatch(/[^;"( \t]+/y);
  }
}
