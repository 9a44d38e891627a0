import type { Command } from "commander";
import type { ArchiveConfig, Config } from "../config.ts";
import { loadPrivateKey, loadPublicKey } from "../envelope/key_file.ts";
import { openEnvelope } from "../envelope/open.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { ConfigError, Rejected } from "../errors.ts";
import type { Finding } from "../finding.ts";
import { printable } from "../printable.ts";
import { newCommand } from "./command.ts";
import type { Context } from "./context.ts";

/** A finding and the part of the installation it is about. */
type Line = Finding & { readonly about: string };

export function doctorCommand(context: Context): Command {
  return newCommand("doctor", "check configuration, keys and databases, and say what to do", [
    "archive doctor",
    "archive doctor --json | jq '.[] | select(.level != \"ok\")'",
  ]).action(() => examine(context));
}

async function examine(context: Context): Promise<void> {
  const lines: Line[] = [];
  const check = async (about: string, look: () => Promise<readonly Finding[]>) => {
    lines.push(...(await findings(look)).map((finding) => ({ about, ...finding })));
  };
  await check("configuration", async () => checkConfig(await context.config()));
  const config = await context.config().catch(() => null);
  if (config !== null) {
    await check("cache lake", () => context.inspect(config.cache, "entries"));
    await check("archive", () => context.inspect(config.archive, "instances"));
    // Last: loading the private key gives up the permission to read files beside it.
    await check("keys", () => checkKeys(config.archive));
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
    return [fail(error instanceof Error ? error.message : String(error))];
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

async function checkKeys({ publicKey, privateKey }: ArchiveConfig): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const warn = (text: string) => {
    found.push({ level: "warn", text });
  };
  const sealing = await loadPublicKey(publicKey).catch(keyFault);
  const opening = await loadPrivateKey(privateKey, { warn }).catch(keyFault);
  for (const key of [sealing, opening]) if ("level" in key) found.push(key);
  if ("level" in sealing || "level" in opening) return found;
  const envelope = await sealEnvelope(new Uint8Array(), sealing);
  try {
    await openEnvelope(envelope, opening, { first: "gcm" });
    found.push({ level: "ok", text: `${privateKey} opens what ${publicKey} seals` });
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    found.push({
      level: "fail",
      text: `${privateKey} does not open what ${publicKey} seals`,
      advice: "Use the two files of one pair",
    });
  }
  return found;
}

function keyFault(error: unknown): Finding {
  if (!(error instanceof ConfigError)) throw error;
  return { ...fail(error.message), advice: "archive keygen makes a pair of keys" };
}

function formatLine({ level, about, text, advice }: Line): string {
  const line = `${level.padEnd(4)}  ${about}: ${printable(text)}`;
  return advice === undefined ? line : `${line}\n      ${printable(advice)}`;
}
