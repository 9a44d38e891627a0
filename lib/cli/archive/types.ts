import type { Command } from "commander";
import { guessTypetag } from "../../typetags/guess_typetag.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { table } from "../table.ts";
import { explainReadError, findInputs, inputName, readStart } from "./inputs.ts";

/** What a file was taken for. */
export type FileType = {
  readonly name: string;
  readonly typetag: string | null;
  readonly reason: string;
  /** What to do, if somebody who knows the file can name its type. */
  readonly advice?: string;
};

export function typesCommand(context: Context): Command {
  return newCommand("types", "say what type files have, and why, without importing them", [
    "archive types cowrie.json.2020-03-19",
    "archive types /var/spool/feeds --json",
  ])
    .argument("<file...>", "files, patterns or folders (without hidden files)")
    .action(async (files: string[]) => {
      const types: FileType[] = [];
      for (const path of await findInputs(files)) types.push(await typeOf(path));
      if (types.some(({ typetag }) => typetag === null)) context.fail();
      context.show(types, () =>
        table(
          ["file", "type", "why"],
          types.map(({ name, typetag, reason }) => [name, typetag ?? "unknown", reason]),
        ));
    });
}

/** Says what a file is, if its name and content leave no doubt. */
export async function typeOf(path: string): Promise<FileType> {
  const name = inputName(path);
  try {
    const { typetag, reason, isInDoubt } = guessTypetag(name, await readStart(path));
    const advice = { ...(isInDoubt && { advice: "Give --type TYPE" }) };
    return { name, typetag: typetag ?? null, reason, ...advice };
  } catch (error) {
    return { name, typetag: null, reason: explainReadError(error) };
  }
}
