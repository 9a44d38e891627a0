import { deepEqual, equal, match } from "../assert.ts";
import { join } from "node:path";
import { nowSeconds } from "../../lib/clock.ts";
import { generateKeyPair, importPublicKey, type PublicKey } from "../../lib/envelope/key.ts";
import { loadPublicKey } from "../../lib/envelope/key_file.ts";
import { sealEnvelope } from "../../lib/envelope/seal.ts";
import { mongoUrl } from "../mongo/server.ts";
import { createCommunity } from "./community.ts";
import { install, type Installation, type InstallationOptions } from "./installation.ts";

const mongo = mongoUrl();
runTests("SQLite", undefined);
if (mongo !== undefined) runTests("MongoDB", mongo);

function runTests(name: string, url: string | undefined): void {
  function test(
    what: string,
    program: NonNullable<InstallationOptions["program"]>,
    body: (installation: Installation) => Promise<void>,
  ): void {
    Deno.test(`${program} on ${name} ${what}`, async () => {
      const installation = await install({ program, ...(url !== undefined && { mongo: url }) });
      try {
        await body(installation);
      } finally {
        await installation.close();
      }
    });
  }

  test("archives uploads sealed for the current key and for old ones", "archive", async (at) => {
    const { stores, run, upload, folder } = at;
    const before = await upload('{"ipv4": "192.0.2.1"}');
    const old = await changeKey(at);
    const larger = await generateKeyPair(3072);
    const older = join(folder, "older.pem");
    await Deno.writeTextFile(older, larger.privatePem, { mode: 0o600 });
    await stores.lake.submit([
      before,
      await uploadFor(at, '{"ipv4": "192.0.2.2"}', await newPublicKey(at)),
      await uploadFor(at, '{"ipv4": "192.0.2.3"}', await importPublicKey(larger.publicPem)),
    ]);
    const keys = ["--set", `archive.old_private_keys=${old},${older}`];
    const doctor = await run(...keys, "doctor");
    equal(doctor.code, 0, doctor.out);
    match(doctor.out, /old\.pem opens what was sealed for it\n.*older\.pem opens/);
    deepEqual(await countOutcomes(run(...keys, "--json", "run", "--once")), {
      SUCCESS: 3,
      ERROR: 0,
    });
  });

  test(
    "keeps uploads sealed for a removed key until the key is restored",
    "archive",
    async (at) => {
      const { stores, run, upload } = at;
      const before = await upload('{"ipv4": "192.0.2.1"}');
      const old = await changeKey(at);
      const after = await uploadFor(at, '{"ipv4": "192.0.2.2"}', await newPublicKey(at));
      await stores.lake.submit([before, after]);
      deepEqual(await countOutcomes(run("--json", "run", "--once")), { SUCCESS: 1, ERROR: 1 });
      const [entry, ...others] = JSON.parse((await run("--json", "quarantine", "list")).out);
      deepEqual(others, []);
      equal(
        entry.reason,
        "ENVELOPE_REJECTED: Cannot open envelope: it is damaged, sealed for another key, or not an envelope",
      );
      equal(entry.size, before.bytes.length);
      equal((await run("quarantine", "replay", "--state", "ERROR")).code, 0);
      const keys = ["--set", `archive.old_private_keys=${old}`];
      deepEqual(await countOutcomes(run(...keys, "--json", "run", "--once")), {
        SUCCESS: 1,
        ERROR: 0,
      });
      equal((await stores.lake.status(nowSeconds())).counts.SUCCESS, 2);
    },
  );

  test("keeps what is archived when it runs again without its key", "archive", async (at) => {
    const { stores, run, upload } = at;
    await stores.lake.submit([await upload("1"), await upload("2"), await upload("3")]);
    deepEqual(await countOutcomes(run("--json", "run", "--once")), { SUCCESS: 3, ERROR: 0 });
    const before = await stores.lake.list({ states: ["SUCCESS"] }, 10);
    const old = await changeKey(at);
    const { code, out, err } = await run("--json", "run", "--once", "--force");
    equal(code, 78, err);
    match(
      err,
      /Cannot open any of 3 envelopes: they are sealed for another key than archive\.private/,
    );
    const counts = JSON.parse(out);
    deepEqual([counts.SUCCESS, counts.ERROR, counts.kept], [0, 0, 3]);
    const after = await stores.lake.list({ states: ["SUCCESS"] }, 10);
    const kept = ({ id, refs, events }: (typeof after)[number]) => [id, refs, events];
    deepEqual(after.map(kept), before.map(kept));
    match(after[0]!.reason!, /^Kept the Raw of an earlier run: ENVELOPE_REJECTED: /);
    const keys = ["--set", `archive.old_private_keys=${old}`];
    const again = await run(...keys, "--json", "run", "--once", "--force");
    deepEqual([again.code, JSON.parse(again.out).SUCCESS], [0, 3]);
    deepEqual(await stores.lake.list({ states: ["SUCCESS"] }, 10), before);
  });

  test("does not claim that an entry has a Raw that is gone", "archive", async (at) => {
    const { stores, run, upload } = at;
    await stores.lake.submit([await upload("1")]);
    deepEqual(await countOutcomes(run("--json", "run", "--once")), { SUCCESS: 1, ERROR: 0 });
    const [{ refs } = { refs: [] }] = await stores.lake.list({}, 1);
    await stores.archive.atomically(async (store) => await store.remove(refs[0]!));
    await changeKey(at);
    equal((await run("run", "--once", "--force")).code, 78);
    equal((await stores.lake.status(nowSeconds())).counts.ERROR, 1);
  });

  test(
    "stops as a service when its key opens nothing, and names keys that do not fit",
    "archive",
    async (at) => {
      const { stores, run, upload, config } = at;
      const uploads = await Promise.all(Array.from({ length: 40 }, (_, i) => upload(`${i}`)));
      await stores.lake.submit(uploads);
      const { publicKey } = config.archive;
      const pem = await Deno.readTextFile(publicKey);
      await changeKey(at);
      await Deno.writeTextFile(publicKey, pem);
      const { code, err } = await run("run");
      equal(code, 78, err);
      match(err, /priv\.pem does not open what \S+pub\.pem seals: use the two files of one pair/);
      match(err, /Cannot open any of 40 envelopes/);
    },
  );

  test(
    "goes on when nothing opens but earlier uploads do, and after a lone damaged upload",
    "archive",
    async (at) => {
      const { stores, run, upload } = at;
      const damaged = await upload("1");
      damaged.bytes[0]! ^= 1;
      await stores.lake.submit([damaged]);
      deepEqual(await countOutcomes(run("--json", "run", "--once")), { SUCCESS: 0, ERROR: 1 });
      await stores.lake.submit([await upload("2")]);
      deepEqual(await countOutcomes(run("--json", "run", "--once")), { SUCCESS: 1, ERROR: 0 });
      const { publicPem } = await generateKeyPair();
      const others = await importPublicKey(publicPem);
      const sealed = Array.from({ length: 40 }, (_, i) => uploadFor(at, `${i}`, others));
      await stores.lake.submit(await Promise.all(sealed));
      const { code, out, err } = await run("--json", "run", "--once");
      equal(code, 0, err);
      equal(JSON.parse(out).ERROR, 40);
      match(err, /The keys open what was archived before, but nothing that is waiting/);
    },
  );

  test("claims nothing while an old key cannot be read", "archive", async (at) => {
    const { stores, run, upload, folder } = at;
    await stores.lake.submit([await upload("1")]);
    const missing = join(folder, "missing.pem");
    const keys = ["--set", `archive.old_private_keys=${missing}`];
    const { code, err } = await run(...keys, "run", "--once");
    equal(code, 78);
    equal(err.includes(`Cannot read key file ${missing}: it does not exist`), true, err);
    equal((await stores.lake.status(nowSeconds())).counts.WAITING, 1);
  });

  test("warns in doctor that the current key is listed as an old one", "archive", async (at) => {
    const keys = ["--set", `archive.old_private_keys=${at.config.archive.privateKey}`];
    const { code, out } = await at.run(...keys, "doctor");
    equal(code, 0);
    match(out, /^warn {2}keys: \S+priv\.pem is listed as an old key, but \S+pub\.pem still seals/m);
  });

  test(
    "answers queries sealed for either key, but only while it has the key",
    "report",
    async (at) => {
      const { stores, run } = at;
      const before = await createCommunity(at);
      const hashes = [await before.ask(0)];
      const old = await changeKey(at);
      const after = await createCommunity(at);
      hashes.push(await after.ask(1));
      const keys = ["--set", `archive.old_private_keys=${old}`];
      const { out } = await run(...keys, "--json", "run", "--once");
      deepEqual(JSON.parse(out), { ready: 2, failed: 0, lost: 0 });
      for (const hash of hashes) {
        equal((await stores.inbox.find(hash))!.data["status"]![0], "ready");
      }
      const late = await before.ask(2);
      const { out: lateOut } = await run("--json", "run", "--once");
      deepEqual(JSON.parse(lateOut), { ready: 0, failed: 1, lost: 0 });
      const [reportId] = (await stores.inbox.find(late))!.data["report_id"]!;
      const [report] = await stores.reports.get([String(reportId)]);
      equal(
        report!.data,
        "ValidationError: qdata cannot be decrypted: it is damaged, or sealed for another key",
      );
    },
  );
}

/** Replaces the current key pair with a new one; returns the new path of the old private key. */
async function changeKey({ folder, config }: Installation): Promise<string> {
  const { privateKey, publicKey } = config.archive;
  const old = join(folder, "old.pem");
  await Deno.rename(privateKey, old);
  const { privatePem, publicPem } = await generateKeyPair();
  await Deno.writeTextFile(privateKey, privatePem, { mode: 0o600 });
  await Deno.writeTextFile(publicKey, publicPem);
  return old;
}

async function newPublicKey({ config }: Installation): Promise<PublicKey> {
  return await loadPublicKey(config.archive.publicKey);
}

async function uploadFor({ upload }: Installation, text: string, key: PublicKey) {
  return await upload(text, { bytes: await sealEnvelope(new TextEncoder().encode(text), key) });
}

/** Counts the outcomes of a run that had to finish all entries. */
async function countOutcomes(
  running: ReturnType<Installation["run"]>,
): Promise<{ SUCCESS: number; ERROR: number }> {
  const { code, out, err } = await running;
  equal(code, 0, err);
  const { SUCCESS, ERROR, RETRY } = JSON.parse(out);
  equal(RETRY, 0);
  return { SUCCESS, ERROR };
}
