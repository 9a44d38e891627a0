import { Refusal } from "./refusal.ts";

/** Parameters of an address, by name. */
export type Parameters = { readonly [name: string]: string };

/**
 * Reads the parameters of an address.
 *
 * @throws {Refusal} 400 when there is one of another name, or one twice.
 */
export function readParameters(url: string, names: readonly string[]): Parameters {
  const read = new Map<string, string>();
  for (const [name, value] of new URL(url).searchParams) {
    if (!names.includes(name)) {
      const right = names.length === 0 ? "give them in the body" : `they are ${names.join(", ")}`;
      throw new Refusal(400, `Cannot read the parameters: ${right}`);
    }
    if (read.has(name)) {
      throw new Refusal(400, `Cannot read the parameters: ${name} is there twice`);
    }
    read.set(name, value);
  }
  return Object.fromEntries(read);
}

/**
 * Returns a parameter that must be there.
 *
 * @throws {Refusal} 400 when it is missing or empty.
 */
export function requiredParameter(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value !== undefined && value !== "") return value;
  throw new Refusal(400, `Cannot answer without the parameter ${name}`);
}
