import { deepEqual, equal, fail, ok, rejects } from "../assert.ts";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../lib/errors.ts";
import { generateKeyPair } from "../../lib/envelope/key.ts";
import { loadPrivateKeys, loadPublicKey } from "../../lib/envelope/key_file.ts";
import { openEnvelope } from "../../lib/envelope/open.ts";
import { sealEnvelope } from "../../lib/envelope/seal.ts";

const { privatePem, publicPem } = await generateKeyPair();

/** Runs a test with its own folder, which contains priv.pem and pub.pem. */
async function withKeyFiles(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/priv.pem`, privatePem, { mode: 0o600 });
    await Deno.writeTextFile(`${folder}/pub.pem`, publicPem);
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs load_keys.ts with permission to read `allowRead` only; returns what it prints. */
async function loadInChild(
  paths: readonly string[],
  allowRead: string,
): Promise<Record<string, unknown>> {
  const program = fileURLToPath(new URL("load_keys.ts", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-lock",
      `--allow-read=${allowRead}`,
      program,
      ...paths,
    ],
  }).output();
  const decoder = new TextDecoder();
  equal(decoder.decode(stderr), "");
  return JSON.parse(decoder.decode(stdout));
}

Deno.test("loadPrivateKeys loads the key that opens what loadPublicKey's key sealed", () =>
  withKeyFiles(async (folder) => {
    const [key] = await loadPrivateKeys([`${folder}/priv.pem`], { warn: fail });
    const publicKey = await loadPublicKey(`${folder}/pub.pem`);
    const envelope = await sealEnvelope(new TextEncoder().encode("text"), publicKey);
    equal(await openEnvelope(envelope, key), "text");
  }));

Deno.test("loadPrivateKeys warns of a file that others can read, and continues", () =>
  withKeyFiles(async (folder) => {
    const path = `${folder}/priv.pem`;
    for (
      const [mode, warns] of [[0o600, 0], [0o400, 0], [0o644, 1], [0o640, 1], [0o604, 1]] as const
    ) {
      await Deno.chmod(path, mode);
      const warnings: string[] = [];
      await loadPrivateKeys([path], { warn: (message) => warnings.push(message) });
      const octal = mode.toString(8);
      const warning =
        `Key file ${path} can be read by others (mode ${octal}). Close it: chmod 600 ${path}`;
      deepEqual(warnings, warns ? [warning] : []);
    }
  }));

Deno.test("loadPrivateKeys does not mistake the mask of a credential's access control list for a group", () =>
  withKeyFiles(async (folder) => {
    const path = `${folder}/priv.pem`;
    await Deno.chmod(path, 0o440);
    deepEqual(await warningsOfService(folder), []);
    await Deno.chmod(path, 0o444);
    equal((await warningsOfService(folder)).length, 1);
  }));

/** What is warned of in a process whose credentials are in a folder: other tests share this one's. */
async function warningsOfService(folder: string): Promise<string[]> {
  const module = new URL("../../lib/envelope/key_file.ts", import.meta.url);
  const script = `import { loadPrivateKeys } from "${module}";
    await loadPrivateKeys(["${folder}/priv.pem"], { warn: console.log });`;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    env: { CREDENTIALS_DIRECTORY: folder },
  }).output();
  equal(code, 0);
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

Deno.test("loadPrivateKeys and loadPublicKey report the file and the fault in one line", () =>
  withKeyFiles(async (folder) => {
    const warn = () => {};
    await Deno.writeTextFile(`${folder}/empty.pem`, "");
    const table = [
      [() => loadPrivateKeys([`${folder}/none.pem`], { warn }), "none.pem: it does not exist"],
      [() => loadPublicKey(`${folder}/none.pem`), "none.pem: it does not exist"],
      [() => loadPrivateKeys([folder], { warn }), ": it is a directory"],
      [() => loadPublicKey(folder), ": it is a directory"],
      [
        () => loadPrivateKeys([`${folder}/empty.pem`], { warn }),
        "empty.pem: it contains no PEM text",
      ],
      [() => loadPrivateKeys([`${folder}/pub.pem`], { warn }), "pub.pem: it is a public key."],
      [() => loadPublicKey(`${folder}/priv.pem`), "priv.pem: it is a private key."],
    ] as const;
    for (const [load, text] of table) {
      const error = await load().then(() => undefined, (error: unknown) => error);
      ok(error instanceof ConfigError, text);
      equal(error.faults.length, 1);
      ok(error.message.startsWith(`Cannot read key file ${folder}`), error.message);
      ok(error.message.includes(text), error.message);
      ok(!error.message.includes("\n"), error.message);
    }
  }));

Deno.test("loadPrivateKeys reports a file that its mode forbids to read, except to root", () =>
  withKeyFiles(async (folder) => {
    await Deno.chmod(`${folder}/priv.pem`, 0o000);
    const loading = loadPrivateKeys([`${folder}/priv.pem`], { warn: fail });
    if (Deno.uid() === 0) {
      equal((await loading)[0].modulusBytes, 256);
      return;
    }
    await rejects(loading, {
      name: "ConfigError",
      message: `Cannot read key file ${folder}/priv.pem: its owner or mode forbids it`,
    });
  }));

Deno.test("loadPrivateKeys returns all keys in the given order", () =>
  withKeyFiles(async (folder) => {
    const larger = await generateKeyPair(3072);
    await Deno.writeTextFile(`${folder}/larger.pem`, larger.privatePem, { mode: 0o600 });
    const keys = await loadPrivateKeys([`${folder}/larger.pem`, `${folder}/priv.pem`], {
      warn: fail,
    });
    deepEqual(keys.map(({ modulusBytes }) => modulusBytes), [384, 256]);
  }));

Deno.test("loadPrivateKeys reports the faults of all files", () =>
  withKeyFiles(async (folder) => {
    const paths = ["none", "priv", "pub"].map((name) => `${folder}/${name}.pem`);
    const [current = "", ...old] = paths;
    await rejects(loadPrivateKeys([current, ...old], { warn: () => {} }), {
      name: "ConfigError",
      faults: [
        `Cannot read key file ${folder}/none.pem: it does not exist`,
        `Cannot read key file ${folder}/pub.pem: it is a public key. ` +
        "Give the private key (archive keygen makes one)",
      ],
    });
  }));

Deno.test("loadPrivateKeys revokes only the permission to read the key files", () =>
  withKeyFiles(async (folder) => {
    const paths = [`${folder}/priv.pem`, `${folder}/old.pem`];
    await Deno.copyFile(paths[0]!, paths[1]!);
    const seen = await loadInChild(paths, `${paths},${folder}/pub.pem`);
    deepEqual(seen, {
      before: ["granted", "granted"],
      loaded: [256, 256],
      after: ["prompt", "prompt"],
      deno: ["NotCapable", "NotCapable"],
      node: ["NotCapable", "NotCapable"],
      publicKey: 256,
    });
  }));

Deno.test("loadPrivateKeys reads all files before it revokes their folder", () =>
  withKeyFiles(async (folder) => {
    const paths = [`${folder}/priv.pem`, `${folder}/old.pem`];
    await Deno.copyFile(paths[0]!, paths[1]!);
    const seen = await loadInChild(paths, folder);
    deepEqual(seen, {
      before: ["granted", "granted"],
      loaded: [256, 256],
      after: ["prompt", "prompt"],
      deno: ["NotCapable", "NotCapable"],
      node: ["NotCapable", "NotCapable"],
      publicKey: "ConfigError",
    });
  }));

Deno.test("loadPrivateKeys reports the permission that is missing", () =>
  withKeyFiles(async (folder) => {
    const path = `${folder}/priv.pem`;
    const seen = await loadInChild([path], `${folder}/pub.pem`);
    deepEqual(seen, {
      before: ["prompt"],
      faults: [`Cannot read key file ${path}: start this program with --allow-read for it`],
    });
  }));
