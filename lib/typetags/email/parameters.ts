import { decodeCharset } from "./charset.ts";
import { Scanner } from "./scanner.ts";

/** A parameter as it stands in a header, or a part of one (RFC 2231). */
type Parameter = {
  readonly name: string;
  readonly value: string;
  /** Which part of the value it is, from 0; undefined if it is the whole. */
  readonly section: number | undefined;
  /** Whether the value has a charset and escaped bytes. */
  readonly isExtended: boolean;
};

/**
 * The parameters of a header such as Content-Type (RFC 2045, section 5.1) by their names in lower
 * case; the first counts if a name occurs twice. Those in the form of RFC 2231, in parts or with a
 * charset, count if there is no other of the name.
 */
export function readParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const others: Parameter[] = [];
  const scanner = new Scanner(header);
  skipToSemicolon(scanner);
  while (scanner.take(";")) {
    const parameter = readParameter(scanner);
    if (parameter !== undefined) {
      const { name, value, section, isExtended } = parameter;
      if (section !== undefined || isExtended) others.push(parameter);
      else if (!parameters.has(name)) parameters.set(name, value);
    }
    skipToSemicolon(scanner);
  }
  for (const [name, parts] of Map.groupBy(others, ({ name }) => name)) {
    const value = joinParts(parts);
    if (value !== undefined && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** The value of which a parameter has the parts, from the first up to one that is missing. */
function joinParts(parts: readonly Parameter[]): string | undefined {
  const sections = new Map(parts.map((part) => [part.section ?? 0, part]));
  const first = sections.get(0);
  if (first === undefined) return undefined;
  const [, charset = "us-ascii", start = first.value] = first.isExtended
    ? /^([^']*)'[^']*'(.*)$/s.exec(first.value) ?? []
    : [];
  let joined = "";
  for (let part: Parameter | undefined = first, number = 0; part !== undefined;) {
    const value = number === 0 ? start : part.value;
    joined += part.isExtended ? decodeEscapes(value, charset) : value;
    part = sections.get(++number);
  }
  return joined;
}

/** A value without the escapes of its bytes: `%C3%A9`. */
function decodeEscapes(value: string, charset: string): string {
  return value.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    const bytes = escapes.slice(1).split("%").map((digits) => parseInt(digits, 16));
    return decodeCharset(Uint8Array.from(bytes), charset) ?? escapes;
  });
}

function readParameter(scanner: Scanner): Parameter | undefined {
  scanner.skipSpace();
  const name = scanner.takeMatch(/[^()<>@,:;\\"[\]/?=*'% \t]+/y).toLowerCase();
  if (name === "") return undefined;
  const mark = scanner.takeMatch(/\*[0-9]{1,3}\*?|\*/y);
  const [digits] = /[0-9]+/.exec(mark) ?? [];
  const section = digits === undefined ? undefined : Number(digits);
  const isExtended = mark.endsWith("*");
  const value = readValue(scanner, isExtended);
  return value === undefined ? undefined : { name, value, section, isExtended };
}

function readValue(scanner: Scanner, isExtended: boolean): string | undefined {
  scanner.skipSpace();
  if (scanner.atEnd || scanner.isAt(";")) return "";
  if (!scanner.take("=")) return undefined;
  scanner.skipSpace();
  if (scanner.isAt('"')) return scanner.takeQuoted();
  const value = scanner.takeMatch(
    isExtended ? /[^()<>@,:;\\"[\]/?=* \t]+/y : /[^()<>@,:;\\"[\]/?=*' \t]+/y,
  );
  return value === "" ? undefined : value;
}

/** Skips the rest of a parameter; semicolons in quotation marks and comments do not end it. */
function skipToSemicolon(scanner: Scanner): void {
  while (!scanner.atEnd && !scanner.isAt(";")) {
    if (scanner.isAt('"')) scanner.takeQuoted();
    else if (!scanner.skipSpace()) scanner.takeMatch(/[^;"( \t]+/y);
  }
}
