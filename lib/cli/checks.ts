import type { ArchiveConfig } from "../config.ts";
import type { PrivateKey } from "../envelope/key.ts";
import { loadPrivateKeys, loadPublicKey } from "../envelope/key_file.ts";
import { openEnvelope } from "../envelope/open.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { ConfigError, Rejected } from "../errors.ts";
import type { Finding } from "../finding.ts";
import type { Section } from "./context.ts";
import type { Check } from "./doctor.ts";

/** Looks at the database of a section and what it holds. */
export function storeCheck(about: string, section: Section): Check {
  return { about, look: (context, config) => context.inspect(config, section) };
}

/** Make it the last: loading private keys gives up the permission to read files beside it. */
export const keysCheck: Check = {
  about: "keys",
  look: (_context, config) => checkKeys(config.archive),
};

async function checkKeys(
  { publicKey, privateKey, oldPrivateKeys }: ArchiveConfig,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const warn = (text: string) => {
    found.push({ level: "warn", text });
  };
  const sealing = await loadPublicKey(publicKey).catch(keyFaults);
  const opening = await loadPrivateKeys([privateKey, ...oldPrivateKeys], { warn })
    .catch(keyFaults);
  if ("faults" in sealing || "faults" in opening) {
    for (const loaded of [sealing, opening]) if ("faults" in loaded) found.push(...loaded.faults);
    return found;
  }
  const envelope = await sealEnvelope(new Uint8Array(), sealing);
  const [current, ...old] = await Promise.all(opening.map((key) => opens(key, envelope)));
  found.push(
    current ? { level: "ok", text: `${privateKey} opens what ${publicKey} seals` } : {
      level: "fail",
      text: `${privateKey} does not open what ${publicKey} seals`,
      advice: "Use the two files of one pair",
    },
  );
  for (const [index, isCurrent] of old.entries()) {
    found.push(checkOldKey(oldPrivateKeys[index]!, publicKey, isCurrent));
  }
  return found;
}

function checkOldKey(path: string, publicKey: string, isCurrent: boolean): Finding {
  if (!isCurrent) return { level: "ok", text: `${path} opens what was sealed for it` };
  return {
    level: "warn",
    text: `${path} is listed as an old key, but ${publicKey} still seals for it`,
    advice: "Put the new pair in its place: docs/operating.md, changing the key",
  };
}

async function opens(key: PrivateKey, envelope: Uint8Array): Promise<boolean> {
  try {
    await openEnvelope(envelope, key, { first: "gcm" });
    return true;
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return false;
  }
}

function keyFaults(error: unknown): { readonly faults: readonly Finding[] } {
  if (!(error instanceof ConfigError)) throw error;
  const advice = "archive keygen makes a pair; archive.old_private_keys lists older private keys";
  return { faults: error.faults.map((text) => ({ level: "fail", text, advice })) };
}
