import { counted } from "../../counted.ts";
import type { TypeGuess } from "../../typetags/guess_typetag.ts";
import { READ_FORMATS } from "../../typetags/typetags.ts";
import { shellQuoted } from "../shell_quoted.ts";

/** How to go on with a file whose type is in doubt: commands with the types that it may have. */
export function adviceOnType(
  path: string,
  { guess: { candidates, indicators = 0 }, org }: {
    readonly guess: TypeGuess;
    /** The organisation from which the file is; without it there is no whole command. */
    readonly org: string | undefined;
  },
): string {
  const likely = new Set(candidates.map(({ typetag }) => typetag));
  if (indicators > 0) likely.add("ioc_list");
  const others = Object.keys(READ_FORMATS).filter((typetag) => !likely.has(typetag));
  const known = `${others.join(", ")}, with --type TYPE`;
  if (likely.size === 0) return `Give one of ${known}`;
  const commands = [...likely].map((typetag) => {
    const means = typetag === "ioc_list" && indicators > 0
      ? `If it lists what is malicious (${counted(indicators, "indicator")})`
      : `If it is ${typetag}`;
    return org === undefined
      ? `${means}, import it with --type ${typetag}`
      : `${means}: archive import ${shellQuoted(path)} --type ${typetag} --org ${shellQuoted(org)}`;
  });
  return `${commands.join(". ")}. Otherwise give one of ${known}`;
}
