import type { Aliases } from "../aliases.ts";
import { suggest } from "../suggest.ts";
import { BUILT_IN_TYPETAGS } from "../typetags/typetags.ts";

/** What the configuration says of typetags. */
export type TypetagSettings = {
  /** Typetags beside the built-in ones; `"*"` takes all. */
  readonly typetags: readonly string[];
  readonly aliases: Aliases;
};

/** The typetag or alias that somebody may have meant by one that the archive does not know. */
export function suggestTypetag(
  type: string,
  { typetags, aliases }: TypetagSettings,
): string | undefined {
  const known = [...BUILT_IN_TYPETAGS, ...typetags.filter((one) => one !== "*"), ...aliases.keys()];
  return known.includes(type) ? undefined : suggest(type, known);
}
