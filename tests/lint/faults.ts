import PLUGIN from "../../lint/plugin.ts";

/** What one rule of the house says about a source: the messages, each with the text it is about. */
export function faults(rule: string, source: string): [text: string, message: string][] {
  return Deno.lint.runPlugin(PLUGIN, "source.ts", source)
    .filter(({ id }) => id === `house/${rule}`)
    .map(({ range, message }) => [source.slice(...range), message]);
}

/** The sources that a rule has something to say about. */
export function flagged(rule: string, sources: readonly string[]): string[] {
  return sources.filter((source) => faults(rule, source).length > 0);
}
