import type { Command } from "commander";
import type { Config } from "../config.ts";
import { ConfigError, errorMessage } from "../errors.ts";
import type { Finding } from "../finding.ts";
import { printable } from "../printable.ts";
import { newCommand } from "./command.ts";
import type { Context } from "./context.ts";

/** A finding and the part of the installation it is about. */
type Line = Finding & { readonly about: string };

/** A part of the installation to look at. */
export type Check = {
  readonly about: string;
  readonly look: (context: Context, config: Config) => Promise<readonly Finding[]>;
};

/** A command that looks at the configuration, and, if that is sound, makes all the checks. */
export function doctorCommand(checks: readonly Check[]): (context: Context) => Command {
  return (context) =>
    newCommand("doctor", "check configuration, keys and databases, and say what to do", [
      `${context.program} doctor`,
      `${context.program} doctor --json | jq '.[] | select(.level != "ok")'`,
    ]).action(() => examine(context, checks));
}

async function examine(context: Context, checks: readonly Check[]): Promise<void> {
  const lines: Line[] = [];
  const check = async (about: string, look: () => Promise<readonly Finding[]>) => {
    lines.push(...(await findings(look)).map((finding) => ({ about, ...finding })));
  };
  await check("configuration", async () => checkConfig(await context.config()));
  const config = await context.config().catch(() => null);
  for (const { about, look } of config === null ? [] : checks) {
    await check(about, () => look(context, config!));
  }
  if (lines.some(({ level }) => level === "fail")) context.fail();
  context.show(lines, () => lines.map(formatLine).join("\n"));
}

/** What the look finds, or that it failed: one fault must not hide the others. */
async function findings(look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(fail);
    return [fail(errorMessage(error))];
  }
}

function fail(text: string): Finding {
  return { level: "fail", text };
}

async function checkConfig(config: Config): Promise<readonly Finding[]> {
  const { file, notices } = config;
  const found: Finding[] = notices.map((text) => ({ level: "warn", text }));
  if (file === null) {
    found.push({ level: "ok", text: "no file; defaults, environment and flags are used" });
    return found;
  }
  found.push({ level: "ok", text: file });
  const { mode } = await Deno.stat(file);
  const secrets = config.settings.some(({ value, origin }) =>
    origin.startsWith(file) && String(value).includes("***")
  );
  if (secrets && mode !== null && (mode & 0o004) !== 0) {
    found.push({
      level: "warn",
      text: "the file holds a password or token, and everybody may read it",
      advice: `chmod 640 ${file}`,
    });
  }
  return found;
}

function formatLine({ level, about, text, advice }: Line): string {
  const line = `${level.padEnd(4)}  ${about}: ${printable(text)}`;
  return advice === undefined ? line : `${line}\n      ${printable(advice)}`;
}
