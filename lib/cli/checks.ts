import type { Config } from "../config.ts";
import { loadPrivateKeys, loadPublicKey } from "../envelope/key_file.ts";
import { isPair } from "../envelope/pair.ts";
import { ConfigError } from "../errors.ts";
import type { Finding } from "../finding.ts";
import { exists } from "../exists.ts";
import type { Section } from "./context.ts";
import type { Check } from "./doctor.ts";
import { keyAdvice } from "./key_advice.ts";
import { unsetDatabase } from "./unset_database.ts";

/** Creates a check of the database that a section of the configuration names. */
export function storeCheck(about: string, section: Section): Check {
  return { about, inspect: (context, config) => context.inspect(config, section) };
}

/** Creates a check that says where the sections of a program are, and which of them name no place. */
export function placesCheck(sections: readonly Section[]): Check {
  return {
    about: "databases",
    inspect: (_context, config) => Promise.resolve(checkPlaces(config, sections)),
  };
}

function checkPlaces(config: Config, sections: readonly Section[]): readonly Finding[] {
  const url = (section: Section) =>
    String(config.settings.find(({ name }) => name === `${section}.mongo_url`)?.value);
  const places = [...Map.groupBy(sections, url)]
    .map(([place, inside]) => `${inside.join(", ")} in ${place}`);
  const warnings = sections.map((section) => unsetDatabase(config, section))
    .filter((text) => text !== undefined);
  return [
    { level: "ok", text: places.join("; ") },
    ...warnings.map((text): Finding => ({ level: "warn", text })),
  ];
}

/**
 * Checks that the keys are readable and fit together. Run it last: loading the private keys gives
 * up the permission to read other files.
 */
export const KEYS_CHECK: Check = {
  about: "keys",
  async inspect(_context, config) {
    return await needsNoKeys(config) ? [NO_KEYS] : await checkKeys(config.archive);
  },
};

const NO_KEYS: Finding = {
  level: "ok",
  text: "none, and none are needed for imports and for questions with --now; " +
    "for submit, run and questions to the service archive keygen makes a pair",
};

/** Tells whether nobody named or made keys on SQLite, where one analyst alone needs none. */
async function needsNoKeys({ archive, cache, settings }: Config): Promise<boolean> {
  const { privateKey, publicKey, oldPrivateKeys } = archive;
  const isNamed = settings.some(({ name, origin }) =>
    /^archive\.(?:old_)?(?:private|public)_keys?$/.test(name) && origin !== "default"
  );
  if (isNamed || !cache.url.startsWith("sqlite:") || oldPrivateKeys.length > 0) return false;
  return !await exists(privateKey) && !await exists(publicKey);
}

async function checkKeys(
  { publicKey, privateKey, oldPrivateKeys }: Config["archive"],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const warn = (text: string) => {
    findings.push({ level: "warn", text });
  };
  const { forPublic, forPrivate } = await keyAdvice({ publicKey, privateKey });
  const sealingKey = await loadPublicKey(publicKey).catch(findingsOf(forPublic));
  const openingKeys = await loadPrivateKeys([privateKey, ...oldPrivateKeys], { warn })
    .catch(findingsOf(forPrivate));
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

/** Converts the faults of key files to findings with advice; throws every other error again. */
function findingsOf(advice: string) {
  return (error: unknown): { readonly findings: readonly Finding[] } => {
    if (!(error instanceof ConfigError)) throw error;
    return { findings: error.faults.map((text) => ({ level: "fail", text, advice })) };
  };
}
