import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../lib/errors.ts";
import { generateKeyPair } from "../../lib/envelope/key.ts";
import { loadPrivateKey, loadPublicKey } from "../../lib/envelope/key_file.ts";
import { openEnvelope } from "../../lib/envelope/open.ts";
import { sealEnvelope } from "../../lib/envelope/seal.ts";

const { privatePem, publicPem } = await generateKeyPair();

/** Runs a test with a folder of its own that holds priv.pem and pub.pem. */
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

/** Runs load_key.ts, which may read only the given paths; what it prints. */
async function loadInChild(path: string, allowRead: string): Promise<Record<string, unknown>> {
  const program = fileURLToPath(new URL("load_key.ts", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-lock",
      `--allow-read=${allowRead}`,
      program,
      path,
    ],
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  return JSON.parse(decoder.decode(stdout));
}

Deno.test("loadPrivateKey and loadPublicKey load what opens each other's envelopes", () =>
  withKeyFiles(async (folder) => {
    const key = await loadPrivateKey(`${folder}/priv.pem`, { warn: assert.fail });
    const publicKey = await loadPublicKey(`${folder}/pub.pem`);
    const envelope = await sealEnvelope(new TextEncoder().encode("text"), publicKey);
    assert.equal(await openEnvelope(envelope, key), "text");
  }));

Deno.test("loadPrivateKey warns of a file that others may read, and goes on", () =>
  withKeyFiles(async (folder) => {
    const path = `${folder}/priv.pem`;
    for (
      const [mode, warns] of [[0o600, 0], [0o400, 0], [0o644, 1], [0o640, 1], [0o604, 1]] as const
    ) {
      await Deno.chmod(path, mode);
      const warnings: string[] = [];
      await loadPrivateKey(path, { warn: (message) => warnings.push(message) });
      const octal = mode.toString(8);
      const warning =
        `Key file ${path} can be read by others (mode ${octal}). Close it: chmod 600 ${path}`;
      assert.deepEqual(warnings, warns ? [warning] : []);
    }
  }));

Deno.test("loadPrivateKey does not take the mask of a credential's access control list for a group", () =>
  withKeyFiles(async (folder) => {
    const path = `${folder}/priv.pem`;
    const before = Deno.env.get("CREDENTIALS_DIRECTORY");
    Deno.env.set("CREDENTIALS_DIRECTORY", folder);
    try {
      await Deno.chmod(path, 0o440);
      await loadPrivateKey(path, { warn: assert.fail });
      await Deno.chmod(path, 0o444);
      const warnings: string[] = [];
      await loadPrivateKey(path, { warn: (message) => warnings.push(message) });
      assert.equal(warnings.length, 1);
    } finally {
      if (before === undefined) Deno.env.delete("CREDENTIALS_DIRECTORY");
      else Deno.env.set("CREDENTIALS_DIRECTORY", before);
    }
  }));

Deno.test("loadPrivateKey and loadPublicKey name the file and the fault in one line", () =>
  withKeyFiles(async (folder) => {
    const warn = () => {};
    await Deno.writeTextFile(`${folder}/empty.pem`, "");
    const table = [
      [() => loadPrivateKey(`${folder}/none.pem`, { warn }), "none.pem: it does not exist"],
      [() => loadPublicKey(`${folder}/none.pem`), "none.pem: it does not exist"],
      [() => loadPrivateKey(folder, { warn }), ": it is a directory"],
      [() => loadPublicKey(folder), ": it is a directory"],
      [() => loadPrivateKey(`${folder}/empty.pem`, { warn }), "empty.pem: it holds no PEM text"],
      [() => loadPrivateKey(`${folder}/pub.pem`, { warn }), "pub.pem: it is a public key."],
      [() => loadPublicKey(`${folder}/priv.pem`), "priv.pem: it is a private key."],
    ] as const;
    for (const [load, text] of table) {
      const error = await load().then(() => undefined, (error: unknown) => error);
      assert.ok(error instanceof ConfigError, text);
      assert.equal(error.faults.length, 1);
      assert.ok(error.message.startsWith(`Cannot read key file ${folder}`), error.message);
      assert.ok(error.message.includes(text), error.message);
      assert.ok(!error.message.includes("\n"), error.message);
    }
  }));

Deno.test("loadPrivateKey says so if the file's mode keeps it out; root it does not keep out", () =>
  withKeyFiles(async (folder) => {
    await Deno.chmod(`${folder}/priv.pem`, 0o000);
    const loading = loadPrivateKey(`${folder}/priv.pem`, { warn: assert.fail });
    if (Deno.uid() === 0) {
      assert.equal((await loading).modulusBytes, 256);
      return;
    }
    await assert.rejects(loading, {
      name: "ConfigError",
      message: `Cannot read key file ${folder}/priv.pem: its owner or mode forbids it`,
    });
  }));

Deno.test("loadPrivateKey gives up the permission to read the key file, and only that", () =>
  withKeyFiles(async (folder) => {
    const path = `${folder}/priv.pem`;
    const seen = await loadInChild(path, `${path},${folder}/pub.pem`);
    assert.deepEqual(seen, {
      before: "granted",
      loaded: 256,
      after: "prompt",
      deno: "NotCapable",
      node: "NotCapable",
      publicKey: 256,
    });
  }));

Deno.test("loadPrivateKey asks for the permission it lacks", () =>
  withKeyFiles(async (folder) => {
    const path = `${folder}/priv.pem`;
    const seen = await loadInChild(path, `${folder}/pub.pem`);
    assert.deepEqual(seen, {
      before: "prompt",
      fault: `Cannot read key file ${path}: start this program with --allow-read for it`,
    });
  }));
