import { deepEqual, equal } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPrivateKey } from "node:crypto";
import { mongoUrl } from "../mongo/server.ts";
import { settle } from "./community.ts";
import { install, type Installation } from "./installation.ts";

const mongo = mongoUrl();
outputTest("SQLite", undefined);
if (mongo !== undefined) outputTest("MongoDB", mongo);

function outputTest(name: string, mongo: string | undefined): void {
  Deno.test(`archive and report on ${name} write nothing of the key, whatever goes wrong`, async () => {
    const [archive, report] = await Promise.all(
      (["archive", "report"] as const).map((program) =>
        install({ program, ...(mongo !== undefined && { mongo }) })
      ),
    );
    try {
      await checkOutputs(archive!, (program) => outputsOfArchive(program));
      await checkOutputs(report!, (program) => outputsOfReport(program));
    } finally {
      await Promise.all([archive!.close(), report!.close()]);
    }
  });
}

async function checkOutputs(
  installation: Installation,
  outputs: (installation: Installation) => Promise<string>,
): Promise<void> {
  const pem = await Deno.readTextFile(installation.config.archive.privateKey);
  const secrets = formsOf(pem);
  const found = (text: string) => secrets.filter((secret) => text.includes(secret));
  equal(found(pem).length > 10, true);
  const text = await outputs(installation);
  deepEqual(found(text), []);
  deepEqual(found(JSON.stringify(text)), []);
}

/** Lines of the PEM text, and the numbers that are secret, each as it may be written. */
function formsOf(pem: string): string[] {
  const lines = pem.split("\n").filter((line) => line !== "" && !line.startsWith("-"));
  const key = createPrivateKey(pem);
  const { d, p, q, dp, dq, qi } = key.export({ format: "jwk" });
  const numbers = [d, p, q, dp, dq, qi].map((text) => Buffer.from(text!, "base64url"));
  const written = numbers.flatMap((bytes) => {
    const hex = bytes.toString("hex");
    return [hex, hex.toUpperCase(), bytes.toString("base64"), bytes.toString("base64url")]
      .map((text) => text.slice(0, 40)).concat(String(BigInt(`0x${hex}`)), [...bytes].join());
  });
  // The first line tells of the form and the modulus, which the public key has, too.
  return [...lines.slice(8), ...written];
}

async function outputsOfArchive({ run, upload, stores, config }: Installation): Promise<string> {
  const sound = await upload('{"ipv4": "192.0.2.1"}');
  const damaged = [0, 100, 255, 256, 290, sound.bytes.length - 1].map((at) => ({
    ...sound,
    bytes: sound.bytes.with(at, sound.bytes[at]! ^ 1),
  }));
  await stores.lake.submit([sound, ...damaged, await upload("1", { typetag: "no such" })]);
  const outputs = [
    await run("--verbose", "run", "--once"),
    await run("--verbose", "--json", "quarantine", "list"),
    await run("--verbose", "--json", "doctor"),
    await run("--verbose", "--json", "config", "show"),
    ...await withBadKeys(config.archive.privateKey, () => run("--verbose", "run", "--once")),
  ];
  deepEqual(outputs.map(({ code }) => code), [0, 0, 0, 0, 78, 78, 78]);
  return textOf(outputs);
}

async function outputsOfReport(installation: Installation): Promise<string> {
  const { run, stores, config } = installation;
  const { ask } = await settle(installation);
  // Nobody listens there.
  for (let number = 0; number < 3; number++) await ask(number, 1024 + number, "nonce");
  const [claim] = await stores.inbox.claim({ owner: "died", limit: 1, lease: 1, now: 0 });
  equal(claim?.attempts, 1);
  const outputs = [
    await run("--verbose", "run", "--once"),
    await run("--verbose", "--json", "status"),
    await run("--verbose", "--json", "doctor"),
    ...await withBadKeys(config.archive.privateKey, () => run("--verbose", "run", "--once")),
  ];
  deepEqual(outputs.map(({ code }) => code), [0, 0, 0, 78, 78, 78]);
  return textOf(outputs);
}

/** What the run says of a key that lacks a line, does not fit together, or is no PEM text. */
async function withBadKeys<T>(path: string, run: () => Promise<T>): Promise<T[]> {
  const pem = await Deno.readTextFile(path);
  const middle = pem.length >> 1;
  const other = pem[middle] === "A" ? "B" : "A";
  const bad = [
    pem.split("\n").toSpliced(10, 1).join("\n"),
    pem.slice(0, middle) + other + pem.slice(middle + 1),
    pem.replace("-----BEGIN", "BEGIN"),
  ];
  const results: T[] = [];
  for (const text of bad) {
    await Deno.writeTextFile(path, text);
    results.push(await run());
  }
  await Deno.writeTextFile(path, pem);
  return results;
}

function textOf(outputs: readonly { out: string; err: string }[]): string {
  return outputs.map(({ out, err }) => out + err).join("\n");
}
