import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../../lib/errors.ts";
import { loadPrivateKey, loadPublicKey } from "../../lib/envelope/key_file.ts";

/** A program of limited permissions: loads a key and prints, as JSON, what it may still read. */
const path = Deno.args[0]!;

const state = () => Deno.permissions.querySync({ name: "read", path }).state;

function failureOf(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    return (error as Error).name;
  }
}

async function observe() {
  const before = state();
  try {
    const { modulusBytes } = await loadPrivateKey(path, { warn: console.error });
    return {
      before,
      loaded: modulusBytes,
      after: state(),
      deno: failureOf(() => Deno.readTextFileSync(path)),
      node: failureOf(() => readFileSync(path)),
      publicKey: (await loadPublicKey(`${dirname(path)}/pub.pem`)).modulusBytes,
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { before, fault: error.message };
  }
}

console.log(JSON.stringify(await observe()));
