import type { Command } from "commander";
import { guessTypetag } from "../../typetags/guess_typetag.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { table } from "../table.ts";
import { adviceOnType } from "./type_advice.ts";
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
      context.show(types, () => formatTypes(types));
    });
}

function formatTypes(types: readonly FileType[]): string {
  const found = table(
    ["file", "type", "why"],
    types.map(({ name, typetag, reason }) => [name, typetag ?? "unknown", reason]),
  );
  const doubts = types.flatMap(({ name, advice }) =>
    advice === undefined ? [] : [`${name}: ${advice}`]
  );
  return doubts.length === 0 ? found : `${found}\n\n${doubts.join("\n")}`;
}

/**
 * Says what a file is, if its name and content leave no doubt; the advice for any other is a command
 * if the organisation is known from which the file is.
 */
export async function typeOf(path: string, org?: string): Promise<FileType> {
  const name = inputName(path);
  try {
    const guess = guessTypetag(name, await readStart(path));
    const advice = guess.isInDoubt && { advice: adviceOnType(path, { guess, org }) };
    return { name, typetag: guess.typetag ?? null, reason: guess.reason, ...advice };
  } catch (error) {
    return { name, typetag: null, reason: explainReadError(error) };
  }
}
