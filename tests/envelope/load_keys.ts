import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../../lib/errors.ts";
import { loadPrivateKeys, loadPublicKey } from "../../lib/envelope/key_file.ts";

// A program for key_file_test.ts, run with limited permissions: loads keys and prints, as JSON, what it
// can still read.
const [current = "", ...old] = Deno.args;
const paths = [current, ...old];

const permissionStates = () =>
  paths.map((path) => Deno.permissions.querySync({ name: "read", path }).state);

function errorName(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    return (error as Error).name;
  }
}

async function loadAndReport() {
  const before = permissionStates();
  try {
    const keys = await loadPrivateKeys([current, ...old], { warn: console.error });
    return {
      before,
      loaded: keys.map(({ modulusBytes }) => modulusBytes),
      after: permissionStates(),
      deno: paths.map((path) => errorName(() => Deno.readTextFileSync(path))),
      node: paths.map((path) => errorName(() => readFileSync(path))),
      publicKey: await loadPublicKey(`${dirname(current)}/pub.pem`)
        .then(({ modulusBytes }) => modulusBytes, (error: Error) => error.name),
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { before, faults: error.faults };
  }
}

console.log(JSON.stringify(await loadAndReport()));
