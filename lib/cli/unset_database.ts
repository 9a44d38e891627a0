import type { Config } from "../config.ts";
import type { Section } from "./context.ts";

/**
 * Says that a section names no database and therefore uses another one than those that do; undefined
 * if it is where the others are, or none is named.
 */
export function unsetDatabase({ settings }: Config, section: Section): string | undefined {
  const urls = settings.filter(({ name }) => name.endsWith(".mongo_url"));
  const own = urls.find(({ name }) => name === `${section}.mongo_url`);
  const named = urls.find(({ origin, value }) => origin !== "default" && value !== own?.value);
  if (own === undefined || own.origin !== "default" || named === undefined) return undefined;
  return `${own.name} is not set, so ${own.value} is used, while ${named.name} names ` +
    `${named.value}: set ${own.name}, too`;
}
