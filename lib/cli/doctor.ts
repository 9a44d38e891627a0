import type { Command } from "commander";
import type { Config } from "../config.ts";
import { ConfigError, errorMessage, StoreMissing } from "../errors.ts";
import type { Finding } from "../finding.ts";
import { printable } from "../printable.ts";
import { newCommand } from "./command.ts";
import type { Context } from "./context.ts";

/** A finding with the part of the installation that it is about. */
type Diagnosis = Finding & { readonly about: string };

/** The examination of one part of the installation. */
export type Check = {
  /** Name of that part. */
  readonly about: string;
  readonly inspect: (context: Context, config: Config) => Promise<readonly Finding[]>;
};

/** Creates the command that checks the configuration and, if it is valid, everything else. */
export function doctorCommand(checks: readonly Check[]): (context: Context) => Command {
  return (context) =>
    newCommand("doctor", "check configuration, keys and databases, and say what to do", [
      `${context.program} doctor`,
      `${context.program} doctor --json | jq '.[] | select(.level != "ok")'`,
    ]).action(() => diagnose(context, checks));
}

async function diagnose(context: Context, checks: readonly Check[]): Promise<void> {
  const diagnoses: Diagnosis[] = [];
  const run = async (about: string, inspect: () => Promise<readonly Finding[]>) => {
    const findings = await findingsOf(inspect);
    diagnoses.push(...findings.map((finding) => ({ about, ...finding })));
  };
  await run("configuration", async () => checkConfig(await context.config()));
  const config = await context.config().catch(() => null);
  if (config !== null) {
    for (const { about, inspect } of checks) await run(about, () => inspect(context, config));
  }
  if (diagnoses.some(({ level }) => level === "fail")) context.fail();
  context.show(diagnoses, () => diagnoses.map(formatDiagnosis).join("\n"));
}

/** Runs a check. An error becomes a finding, because one fault must not hide the others. */
async function findingsOf(
  inspect: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await inspect();
  } catch (error) {
    if (error instanceof StoreMissing) return [{ level: "warn", text: error.message }];
    const faults = error instanceof ConfigError ? error.faults : [errorMessage(error)];
    return faults.map((text) => ({ level: "fail", text }));
  }
}

async function checkConfig({ file, settings, notices }: Config): Promise<readonly Finding[]> {
  const findings: Finding[] = notices.map((text) => ({ level: "warn", text }));
  if (file === null) {
    findings.push({ level: "ok", text: "no file; defaults, environment and flags are used" });
    return findings;
  }
  findings.push({ level: "ok", text: file });
  const { mode } = await Deno.stat(file);
  const hasSecrets = settings.some(({ value, origin }) =>
    origin.startsWith(file) && String(value).includes("***")
  );
  if (hasSecrets && mode !== null && (mode & 0o004) !== 0) {
    findings.push({
      level: "warn",
      text: "the file contains a password or token, and every user may read it",
      advice: `chmod 640 ${file}`,
    });
  }
  return findings;
}

function formatDiagnosis({ level, about, text, advice }: Diagnosis): string {
  const line = `${level.padEnd(4)}  ${about}: ${printable(text)}`;
  return advice === undefined ? line : `${line}\n      ${printable(advice)}`;
}
