import { Rejected } from "../errors.ts";
import type { PrivateKey, PublicKey } from "./key.ts";
import { openEnvelope } from "./open.ts";
import { sealEnvelope } from "./seal.ts";

/** Tells whether a private key opens what a public key seals. */
export async function isPair(privateKey: PrivateKey, publicKey: PublicKey): Promise<boolean> {
  try {
    await openEnvelope(await sealEnvelope(new Uint8Array(), publicKey), privateKey, {
      first: "gcm",
    });
    return true;
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return false;
  }
}
