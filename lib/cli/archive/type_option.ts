import type { Command } from "commander";
import type { Aliases } from "../../aliases.ts";
import { isSupported } from "../../lake/parse.ts";
import { suggestTypetag, type TypetagSettings } from "../../lake/suggest_typetag.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import { FILTERS } from "../../typetags/typetags.ts";

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
  if (meant !== undefined) return `. Did you mean ${meant}?`;
  return `: give one of ${[...FILTERS.keys()].join(", ")}, or add it to archive.typetags`;
}

/** Lists the names under which uploads of a type may be in the lake: its own, and its aliases. */
export function namesOfTypetag(typetag: string, aliases: Aliases): readonly string[] {
  const others = [...aliases].filter(([, target]) => target === typetag).map(([alias]) => alias);
  return [typetag, ...others];
}
