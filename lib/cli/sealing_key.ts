import type { PublicKey } from "../envelope/key.ts";
import { loadPublicKey } from "../envelope/key_file.ts";
import { ConfigError } from "../errors.ts";

/**
 * Loads the public key with which a command seals what it sends.
 *
 * @throws {ConfigError} CONFIG when it cannot be loaded; `advice` says what to do then.
 */
export async function loadSealingKey(path: string, advice: string): Promise<PublicKey> {
  try {
    return await loadPublicKey(path);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError([...error.faults, advice], { cause: error });
  }
}
