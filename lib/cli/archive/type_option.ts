import type { Command } from "commander";
import type { Aliases } from "../../aliases.ts";
import { isSupported } from "../../lake/parse.ts";
import { suggest } from "../../suggest.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import { BUILT_IN_TYPETAGS } from "../../typetags/typetags.ts";

/** What the configuration says of typetags. */
export type TypetagSettings = {
  /** Typetags beside the built-in ones; `"*"` takes all. */
  readonly typetags: readonly string[];
  readonly aliases: Aliases;
};

/**
 * Finds the typetag as which data is archived that `--type` names: an alias stands for another one.
 *
 * @throws {CommanderError} with exit code 2 when the archive would not take it.
 */
export function resolveTypetag(type: string, settings: TypetagSettings, command: Command): string {
  const typetag = settings.aliases.get(type) ?? type;
  const advice = adviceOn(type, settings);
  if (!isSupported(typetag, settings.typetags)) {
    command.error(`error: type ${type} is not supported${advice}`, { exitCode: 2 });
  }
  if (!isSubType(typetag)) {
    command.error(
      `error: type ${JSON.stringify(type)} is not a name: use letters, digits and _, and begin ` +
        "with a letter",
      { exitCode: 2 },
    );
  }
  return typetag;
}

function adviceOn(type: string, settings: TypetagSettings): string {
  const meant = suggestTypetag(type, settings);
  return meant === undefined ? ": add it to archive.typetags" : `. Did you mean ${meant}?`;
}

/** The typetag or alias that somebody may have meant by one that the archive does not know. */
export function suggestTypetag(
  type: string,
  { typetags, aliases }: TypetagSettings,
): string | undefined {
  const known = [...BUILT_IN_TYPETAGS, ...typetags.filter((one) => one !== "*"), ...aliases.keys()];
  return known.includes(type) ? undefined : suggest(type, known);
}

/** Lists the names under which uploads of a type may be in the lake: its own, and its aliases. */
export function namesOfTypetag(typetag: string, aliases: Aliases): readonly string[] {
  const others = [...aliases].filter(([, target]) => target === typetag).map(([alias]) => alias);
  return [typetag, ...others];
}
