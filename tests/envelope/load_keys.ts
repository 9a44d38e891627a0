import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../../lib/errors.ts";
import { loadPrivateKeys, loadPublicKey } from "../../lib/envelope/key_file.ts";

/** A program of limited permissions: loads keys and prints, as JSON, what it may still read. */
const [current = "", ...old] = Deno.args;
const paths = [current, ...old];

const states = () => paths.map((path) => Deno.permissions.querySync({ name: "read", path }).state);

function failureOf(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    return (error as Error).name;
  }
}

async function observe() {
  const before = states();
  try {
    const keys = await loadPrivateKeys([current, ...old], { warn: console.error });
    return {
      before,
      loaded: keys.map(({ modulusBytes }) => modulusBytes),
      after: states(),
      deno: paths.map((path) => failureOf(() => Deno.readTextFileSync(path))),
      node: paths.map((path) => failureOf(() => readFileSync(path))),
      publicKey: await loadPublicKey(`${dirname(current)}/pub.pem`)
        .then(({ modulusBytes }) => modulusBytes, (error: Error) => error.name),
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { before, faults: error.faults };
  }
}

console.log(JSON.stringify(await observe()));
