import type { Config } from "../config.ts";
import { exists } from "../exists.ts";

type KeyPaths = Pick<Config["archive"], "publicKey" | "privateKey">;

/**
 * What to do when a key of the pair cannot be read, by what there is at their paths: keygen makes no
 * pair where one of them is. Ask before the private key is loaded, which gives up permissions.
 */
export async function keyAdvice(
  { publicKey, privateKey }: KeyPaths,
): Promise<Readonly<Record<"forPublic" | "forPrivate", string>>> {
  const hasPrivate = await isThere(privateKey);
  if (!hasPrivate && !await isThere(publicKey)) {
    const advice = "archive keygen makes a pair; archive.private_key and archive.public_key name " +
      "one that is elsewhere";
    return { forPublic: advice, forPrivate: advice };
  }
  const forPrivate =
    "Put it right, or back from a copy: what was sealed for it cannot be opened without it. " +
    `To begin anew, move away what there is of ${privateKey} and ${publicKey}; then archive ` +
    "keygen makes a pair";
  const forPublic =
    `Make it of the private key: openssl pkey -in ${privateKey} -pubout -out ${publicKey}`;
  return { forPublic: hasPrivate ? forPublic : forPrivate, forPrivate };
}

/** Tells whether there is anything at a path; false where that is not to be known. */
export async function isThere(path: string): Promise<boolean> {
  return await exists(path).catch(() => false);
}
