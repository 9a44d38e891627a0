import type { ArchiveConfig } from "../config.ts";
import { loadPrivateKeys, loadPublicKey } from "../envelope/key_file.ts";
import { isPair } from "../envelope/pair.ts";
import { ConfigError } from "../errors.ts";
import type { Finding } from "../finding.ts";
import type { Section } from "./context.ts";
import type { Check } from "./doctor.ts";

/** Creates a check of the database that a section of the configuration names. */
export function storeCheck(about: string, section: Section): Check {
  return { about, inspect: (context, config) => context.inspect(config, section) };
}

/**
 * Checks that the keys are readable and fit together. Run it last: loading the private keys gives
 * up the permission to read other files.
 */
export const KEYS_CHECK: Check = {
  about: "keys",
  inspect: (_context, config) => checkKeys(config.archive),
};

async function checkKeys(
  { publicKey, privateKey, oldPrivateKeys }: ArchiveConfig,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const warn = (text: string) => {
    findings.push({ level: "warn", text });
  };
  const sealingKey = await loadPublicKey(publicKey).catch(findingsOf);
  const openingKeys = await loadPrivateKeys([privateKey, ...oldPrivateKeys], { warn })
    .catch(findingsOf);
  if ("findings" in sealingKey || "findings" in openingKeys) {
    for (const loaded of [sealingKey, openingKeys]) {
      if ("findings" in loaded) findings.push(...loaded.findings);
    }
    return findings;
  }
  const [current, ...old] = await Promise.all(openingKeys.map((key) => isPair(key, sealingKey)));
  findings.push(
    current ? { level: "ok", text: `${privateKey} opens what ${publicKey} seals` } : {
      level: "fail",
      text: `${privateKey} does not open what ${publicKey} seals`,
      advice: "Use the two files of one pair",
    },
  );
  for (const [index, isCurrent] of old.entries()) {
    findings.push(checkOldKey(oldPrivateKeys[index]!, publicKey, isCurrent));
  }
  return findings;
}

function checkOldKey(path: string, publicKey: string, isCurrent: boolean): Finding {
  if (!isCurrent) return { level: "ok", text: `${path} opens what was sealed for it` };
  return {
    level: "warn",
    text: `${path} is listed as an old key, but ${publicKey} still seals for it`,
    advice: "Put the new pair in its place: docs/operating.md, changing the key",
  };
}

/** Converts the faults of key files to findings; throws every other error again. */
function findingsOf(error: unknown): { readonly findings: readonly Finding[] } {
  if (!(error instanceof ConfigError)) throw error;
  const advice = "archive keygen makes a pair; archive.old_private_keys lists older private keys";
  return { findings: error.faults.map((text) => ({ level: "fail", text, advice })) };
}
