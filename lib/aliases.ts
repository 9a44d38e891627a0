/** Typetags under which uploads come, and those as which they are archived. */
export type Aliases = ReadonlyMap<string, string>;

/** Reads aliases as the configuration gives them: `from=to`. */
export function parseAliases(pairs: readonly string[]): Aliases {
  return new Map(pairs.map((pair) => {
    const equals = pair.lastIndexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  }));
}
