import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder, type Run, runProgram } from "./in_folder.ts";

/** Runs archive in a folder of its own. */
function within(work: (run: Run, folder: string) => Promise<void>): Promise<void> {
  return inFolder("archive", work);
}

Deno.test("archive takes uploads from keygen to the quarantine", async () => {
  await within(async (run, folder) => {
    const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
    await write("a.json", '{"a":1}');
    await write("b.json", '{"b":1}');
    await Deno.writeFile(join(folder, "c.json"), Uint8Array.of(0xff));

    assert.equal((await run("keygen")).code, 0);
    const { mode } = await Deno.stat(join(folder, "data/cybexp/priv.pem"));
    assert.equal(mode! & 0o777, 0o600);
    assert.equal((await Deno.stat(join(folder, "data/cybexp"))).mode! & 0o777, 0o700);

    const files = await run(`submit *.json --type cowrie --org ${"0f".repeat(32)}`);
    assert.deepEqual(files, {
      code: 1,
      out: "2 submitted, 1 refused",
      err: "error: Cannot submit c.json: it is not UTF-8 text, and binary data cannot be archived",
    });
    const lines = await run("submit - --lines -t unheard_of -o example --json", "{}\n\n[]\n");
    const { submitted } = JSON.parse(lines.out);
    assert.deepEqual(submitted.map(({ name }: { name: string }) => name), ["stdin:1", "stdin:3"]);

    assert.equal(JSON.parse((await run("status --json")).out).counts.WAITING, 4);
    assert.equal((await run("quarantine list")).out, "No entries");
    assert.equal((await run("run --once")).code, 0);

    const listed: { id: string; state: string }[] = JSON.parse(
      (await run("quarantine list --type unheard_of --json")).out,
    );
    assert.deepEqual(listed.map(({ state }) => state), ["NOT_SUPPORTED", "NOT_SUPPORTED"]);
    const [{ id } = { id: "" }] = listed;
    assert.match((await run(`quarantine show ${id}`)).out, /^state +NOT_SUPPORTED$/m);
    assert.equal((await run(`quarantine replay ${id}`)).out, "1 put back");
    assert.equal((await run(`quarantine replay ${id}`)).code, 1);
    assert.equal((await run("verify")).out, "2 instances checked, 0 flawed");
    assert.equal((await run("doctor")).code, 0);
  });
});

Deno.test("archive submit takes an organisation's name for its hash, and says if nobody has it", async () => {
  await within(async (run, folder) => {
    await run("keygen");
    const report = (args: string) => runProgram("report", folder, args.split(" "));
    assert.equal((await report("users add a@example.com --org example")).code, 0);
    const [{ hash }] = JSON.parse((await report("orgs list --json")).out);
    const known = await run("submit - --type cowrie --org example", "{}");
    assert.deepEqual(known, { code: 0, out: "1 submitted", err: "" });
    const unknown = await run("submit - --type cowrie --org exampel", "{}");
    assert.match(unknown.err, /^warning: No organisation of this name: .* org=exampel /);
    await run("run --once");
    const listed = JSON.parse((await run("quarantine list --state SUCCESS --json")).out);
    const orgids: string[] = listed.map(({ orgid }: { orgid: string }) => orgid);
    assert.deepEqual(orgids.toSorted(), [hash, "exampel"].toSorted());
  });
});

Deno.test("archive keygen refuses to overwrite a key", async () => {
  await within(async (run, folder) => {
    const path = join(folder, "pub.pem");
    await Deno.writeTextFile(path, "mine");
    const set = `--set archive.private_key=priv.pem --set archive.public_key=pub.pem`;
    const { code, err } = await run(`keygen ${set}`);
    assert.equal(code, 1);
    assert.match(err, /^error: Cannot write key file \S+pub\.pem: it exists\./);
    assert.equal(await Deno.readTextFile(path), "mine");
    await assert.rejects(Deno.stat(join(folder, "priv.pem")), Deno.errors.NotFound);
  });
});

Deno.test("archive doctor finds each fault and exits with 1", async () => {
  await within(async (run, folder) => {
    const blocked = join(folder, "blocked");
    await Deno.writeTextFile(blocked, "not a folder");
    const file = {
      archive: { mongo_url: "sqlite:data.db", colour: "red" },
      cache: { mongo_url: "sqlite:blocked/x.db" },
    };
    await Deno.writeTextFile(join(folder, "config.json"), JSON.stringify(file));
    const { code, out, err } = await run("doctor --json");
    const lines: { level: string; about: string }[] = JSON.parse(out);
    assert.deepEqual(lines.map(({ level, about }) => `${level} ${about}`), [
      "warn configuration",
      "ok configuration",
      "fail cache lake",
      "ok archive",
      "fail keys",
      "fail keys",
    ]);
    assert.deepEqual({ code, err }, { code: 1, err: "" });
  });
});

const endings: [args: string, code: number, out: RegExp, err: RegExp][] = [
  ["--help", 0, /\nExamples:\n {2}archive /, /^$/],
  [
    "quarantine list --help",
    0,
    /Global Options:[^]+\nExamples:\n {2}archive quarantine list/,
    /^$/,
  ],
  ["submit", 2, /^$/, /^error: required option '-t, --type <type>' not specified$/],
  ["submit x -t cowrie -o x --timezone x", 2, /^$/, /^error: .*"x" is not a time zone/],
  [
    "quarantine list --state lost",
    2,
    /^$/,
    /Give one of NOT_SUPPORTED, ERROR, EVENTS_REJECTED, SUCCESS\.$/,
  ],
  ["quarantine replay", 2, /^$/, /^error: give ids, /],
  ["--set archive.lease=0 --set a.b=1 status", 78, /^$/, /^error: archive\.lease .*\nerror: a\.b /],
  ["quarantine show 7", 1, /^$/, /^error: Cannot show entry 7: there is none$/],
  ["status --set cache.mongo_url=sqlite:.", 1, /^$/, /^error: Cannot open database [^\n]+$/],
];

for (const [args, expected, out, err] of endings) {
  Deno.test(`archive ${args} exits with ${expected}`, async () => {
    await within(async (run) => {
      const ended = await run(args);
      assert.match(ended.out, out);
      assert.match(ended.err, err);
      assert.equal(ended.code, expected);
    });
  });
}
