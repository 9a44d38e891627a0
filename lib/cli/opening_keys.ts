import type { Config } from "../config.ts";
import type { PrivateKeys } from "../envelope/key.ts";
import { loadPrivateKeys } from "../envelope/key_file.ts";
import { ConfigError } from "../errors.ts";
import { log } from "../log.ts";
import { keyAdvice } from "./key_advice.ts";

/**
 * Loads the private keys with which a service opens what was sealed.
 *
 * @throws {ConfigError} CONFIG when one cannot be loaded, with what to do then.
 */
export async function loadOpeningKeys(config: Config["archive"]): Promise<PrivateKeys> {
  const { forPrivate } = await keyAdvice(config);
  try {
    return await loadPrivateKeys([config.privateKey, ...config.oldPrivateKeys], {
      warn: (text) => log.warn(text),
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError([...error.faults, forPrivate], { cause: error });
  }
}
