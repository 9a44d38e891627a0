import type { PublicKey } from "../envelope/key.ts";
import type { Config } from "../config.ts";
import { loadPublicKey } from "../envelope/key_file.ts";
import { ConfigError } from "../errors.ts";
import { isThere, keyAdvice } from "./key_advice.ts";

/**
 * Loads the public key with which a command seals what it sends.
 *
 * @throws {ConfigError} CONFIG when it cannot be loaded; `advice` says what to do then, unless there
 * is the private key of its pair.
 */
export async function loadSealingKey(
  config: Pick<Config["archive"], "publicKey" | "privateKey">,
  advice: string,
): Promise<PublicKey> {
  try {
    return await loadPublicKey(config.publicKey);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const next = await isThere(config.privateKey) ? (await keyAdvice(config)).forPublic : advice;
    throw new ConfigError([...error.faults, next], { cause: error });
  }
}
