import { dirname } from "node:path";
import type { Command } from "commander";
import { generateKeyPair } from "../../envelope/key.ts";
import { errorMessage } from "../../errors.ts";
import { exists } from "../../exists.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";

export function keygenCommand(context: Context): Command {
  return newCommand("keygen", "make a pair of keys at the paths that the configuration names", [
    "archive keygen",
    "archive keygen --set archive.private_key=new.pem --set archive.public_key=new-pub.pem",
  ]).action(() => makeKeys(context));
}

async function makeKeys(context: Context): Promise<void> {
  const { archive: { privateKey, publicKey } } = await context.config();
  for (const path of [privateKey, publicKey]) await assertAbsent(path);
  const { privatePem, publicPem } = await generateKeyPair();
  await writeNew(privateKey, privatePem, 0o600);
  try {
    await writeNew(publicKey, publicPem, 0o644);
  } catch (error) {
    // The next attempt would refuse to replace half a pair.
    await Deno.remove(privateKey);
    throw error;
  }
  context.show(
    { privateKey, publicKey },
    () =>
      `Private key: ${privateKey} (keep it secret and keep a copy: without it uploads are lost)\n` +
      `Public key:  ${publicKey} (for the API and for "archive submit")`,
  );
}

async function assertAbsent(path: string): Promise<void> {
  if (!await exists(path)) return;
  throw new Error(
    `Cannot write key file ${path}: it exists. Uploads may be sealed for it. To change the ` +
      "key, make a pair under other names and list the old key in archive.old_private_keys",
  );
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    using file = await Deno.open(path, { write: true, createNew: true, mode });
    await file.write(new TextEncoder().encode(text));
    await file.sync();
  } catch (cause) {
    throw new Error(
      `Cannot write key file ${path}: ${errorMessage(cause)}. Name another path with ` +
        "archive.private_key and archive.public_key",
      { cause },
    );
  }
}
