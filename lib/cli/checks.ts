import type { ArchiveConfig, Config } from "../config.ts";
import { loadPrivateKey, loadPublicKey } from "../envelope/key_file.ts";
import { openEnvelope } from "../envelope/open.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { ConfigError, Rejected } from "../errors.ts";
import type { Finding } from "../finding.ts";
import type { Check } from "./doctor.ts";

/** Looks at the database of a section and what it holds. */
export function storeCheck(
  about: string,
  section: "archive" | "cache" | "identity" | "report",
): Check {
  const holds = section === "cache" ? "entries" : "instances";
  return {
    about,
    look: (context, config: Config) => context.inspect(config[section], holds),
  };
}

/** Make it the last: loading the private key gives up the permission to read files beside it. */
export const keysCheck: Check = {
  about: "keys",
  look: (_context, config) => checkKeys(config.archive),
};

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
  return {
    level: "fail",
    text: error.message,
    advice: "archive keygen makes a pair of keys",
  };
}
