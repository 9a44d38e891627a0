import { Scanner } from "./scanner.ts";

/**
 * The parameters of a header such as Content-Type (RFC 2045, section 5.1) by their names in small
 * letters; of several with one name the first. Those in the form of RFC 2231 are left out: charset
 * and boundary, which are asked for here, are never long or in another charset.
 */
export function readParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const scanner = new Scanner(header);
  toNext(scanner);
  while (scanner.pass(";")) {
    const [name, value] = parameter(scanner) ?? [];
    if (name !== undefined && value !== undefined && !parameters.has(name)) {
      parameters.set(name, value);
    }
    toNext(scanner);
  }
  return parameters;
}

function parameter(scanner: Scanner): readonly [name: string, value: string] | undefined {
  scanner.space();
  const name = scanner.match(/[^()<>@,:;\\"[\]/?=*'% \t]+/y).toLowerCase();
  scanner.space();
  if (name === "") return undefined;
  if (scanner.done || scanner.isBefore(";")) return [name, ""];
  if (!scanner.pass("=")) return undefined;
  scanner.space();
  if (scanner.isBefore('"')) return [name, scanner.quoted()];
  const value = scanner.match(/[^()<>@,:;\\"[\]/?=*' \t]+/y);
  return value === "" ? undefined : [name, value];
}

/** Passes what is left of a parameter, semicolons in quotation marks and comments among it. */
function toNext(scanner: Scanner): void {
  while (!scanner.done && !scanner.isBefore(";")) {
    if (scanner.isBefore('"')) scanner.quoted();
    else if (!scanner.space()) scanner.match(/[^;"( \t]+/y);
  }
}
