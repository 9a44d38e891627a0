import { deepEqual, equal, match, rejects } from "../assert.ts";
import { join } from "node:path";
import { inFolder, type Run, runProgram } from "./in_folder.ts";

/** Supports a type for those who submit it, but not for the archive. */
const KNOWN = "--set archive.typetags=unheard_of";

const ORGID = "0f".repeat(32);

/** Runs a function with archive in a temporary folder. */
function within(work: (run: Run, folder: string) => Promise<void>): Promise<void> {
  return inFolder("archive", work);
}

Deno.test("archive handles uploads from keygen to quarantine", async () => {
  await within(async (run, folder) => {
    const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
    await write("a.json", '{"a":1}');
    await write("b.json", '{"b":1}');
    await Deno.writeFile(join(folder, "c.json"), Uint8Array.of(0xff));

    equal((await run("keygen")).code, 0);
    const { mode } = await Deno.stat(join(folder, "data/cybexp/priv.pem"));
    equal(mode! & 0o777, 0o600);
    equal((await Deno.stat(join(folder, "data/cybexp"))).mode! & 0o777, 0o700);

    const files = await run(`submit *.json --type cowrie --org ${ORGID}`);
    deepEqual(files, {
      code: 1,
      out: "2 submitted, 1 refused",
      err: "error: Cannot submit c.json: it is not UTF-8 text, and binary data cannot be archived",
    });
    const refused = await run(`submit - -t unheard_of -o ${ORGID}`, "{}");
    deepEqual(refused, {
      code: 2,
      out: "",
      err: "error: type unheard_of is not supported: give one of cowrie, email, ioc_list, misp, " +
        "openphish_feed, phishtank_feed, sighting, stix, or add it to archive.typetags",
    });
    const lines = await run(
      `submit - --lines -t unheard_of -o ${ORGID} --json ${KNOWN}`,
      "{}\n\n[]\n",
    );
    const { submitted } = JSON.parse(lines.out);
    deepEqual(submitted.map(({ name }: { name: string }) => name), ["stdin:1", "stdin:3"]);

    equal(JSON.parse((await run("status --json")).out).counts.WAITING, 4);
    equal((await run("quarantine list")).out, "No entries");
    equal((await run("run --once")).code, 0);

    const listed: { id: string; state: string }[] = JSON.parse(
      (await run("quarantine list --type unheard_of --json")).out,
    );
    deepEqual(listed.map(({ state }) => state), ["NOT_SUPPORTED", "NOT_SUPPORTED"]);
    const [{ id } = { id: "" }] = listed;
    match((await run(`quarantine show ${id}`)).out, /^state +NOT_SUPPORTED$/m);
    equal((await run(`quarantine replay ${id}`)).out, "1 put back");
    equal((await run(`quarantine replay ${id}`)).code, 1);
    equal((await run("verify")).out, "2 instances checked, 0 flawed");
    equal((await run("doctor")).code, 0);
  });
});

Deno.test("archive submit resolves the name of an organisation, and refuses an unknown one", async () => {
  await within(async (run, folder) => {
    await run("keygen");
    const report = (args: string) => runProgram("report", args.split(" "), { folder });
    equal((await report("users add a@example.com --org example")).code, 0);
    const [{ hash }] = JSON.parse((await report("orgs list --json")).out);
    const known = await run("submit - --type cowrie --org example", "{}");
    deepEqual(known, { code: 0, out: "1 submitted", err: "" });
    const unknown = await run("submit - --type cowrie --org exampel", "{}");
    deepEqual([unknown.code, unknown.out], [2, ""]);
    match(
      unknown.err,
      /^error: there is no organisation exampel.* report orgs add exampel --user \S+;/,
    );
    await run("run --once");
    const listed = JSON.parse((await run("quarantine list --state SUCCESS --json")).out);
    const orgids: string[] = listed.map(({ orgid }: { orgid: string }) => orgid);
    deepEqual(orgids, [hash]);
  });
});

Deno.test("archive keygen refuses to overwrite a key", async () => {
  await within(async (run, folder) => {
    const path = join(folder, "pub.pem");
    await Deno.writeTextFile(path, "mine");
    const set = `--set archive.private_key=priv.pem --set archive.public_key=pub.pem`;
    const { code, err } = await run(`keygen ${set}`);
    equal(code, 1);
    match(err, /^error: Cannot write key file \S+pub\.pem: it exists\./);
    equal(await Deno.readTextFile(path), "mine");
    await rejects(Deno.stat(join(folder, "priv.pem")), Deno.errors.NotFound);
  });
});

Deno.test("archive doctor reports every fault and exits with 1", async () => {
  await within(async (run, folder) => {
    const blocked = join(folder, "blocked");
    await Deno.writeTextFile(blocked, "not a folder");
    const file = {
      archive: { mongo_url: "sqlite:data.db", colour: "red", private_key: "none.pem" },
      cache: { mongo_url: "sqlite:blocked/x.db" },
    };
    await Deno.writeTextFile(join(folder, "config.json"), JSON.stringify(file));
    const { code, out, err } = await run("doctor --json");
    const lines: { level: string; about: string }[] = JSON.parse(out);
    deepEqual(lines.map(({ level, about }) => `${level} ${about}`), [
      "warn configuration",
      "ok configuration",
      "ok databases",
      "warn databases",
      "fail cache lake",
      "warn archive",
      "fail keys",
      "fail keys",
    ]);
    deepEqual({ code, err }, { code: 1, err: "" });
  });
});

Deno.test("archive doctor asks one analyst alone for no keys, and says where there are some", async () => {
  await within(async (run, folder) => {
    const alone = await run("doctor");
    equal(alone.code, 0);
    match(alone.out, /^ok {4}databases: cache, archive, identity in sqlite:\S+cybexp\.db$/m);
    match(alone.out, /^ok {4}keys: none, and none are needed for imports and .* with --now/m);
    equal((await run("doctor --set archive.private_key=none.pem")).code, 1);
    match(
      (await run("run --once")).err,
      /priv\.pem: it does not exist\n.*archive keygen makes a pair/,
    );
    await run("keygen");
    match((await run("doctor")).out, /^ok {4}keys: \S+priv\.pem opens what \S+pub\.pem seals$/m);
    await Deno.remove(join(folder, "data", "cybexp", "pub.pem"));
    match((await run("doctor")).out, /^fail {2}keys: Cannot read key file \S+pub\.pem/m);
  });
});

Deno.test("archive says how half a pair of keys becomes whole", async () => {
  await within(async (run, folder) => {
    await run("keygen");
    const [priv, pub] = ["priv", "pub"].map((name) => join(folder, `data/cybexp/${name}.pem`));
    const sealing = await Deno.readTextFile(pub!);
    await Deno.remove(pub!);
    const { err } = await run(`submit none.json --type cowrie --org ${ORGID}`);
    const [program, ...args] = err.match(/openssl .*$/m)![0].split(" ");
    equal((await new Deno.Command(program!, { args, stderr: "null" }).output()).code, 0);
    equal((await Deno.readTextFile(pub!)).trim(), sealing.trim());
    await Deno.remove(priv!);
    const lost = await run("run --once");
    equal(lost.code, 78);
    match(lost.err, /To begin anew, move away what there is of \S+priv\.pem and \S+pub\.pem/);
  });
});

Deno.test("commands say if a section names no database beside those that do", async () => {
  await within(async (run, folder) => {
    const report = (args: string) => runProgram("report", args.split(" "), { folder });
    await Deno.writeTextFile(
      join(folder, "config.json"),
      JSON.stringify({ archive: { mongo_url: "sqlite:own.db" } }),
    );
    // One that names SQLite alone leaves the others on SQLite.
    const added = await report("users add a@example.com --org example");
    equal(added.code, 0);
    match(
      added.err,
      /^warning: identity\.mongo_url is not set, so sqlite:\S+cybexp\.db is used, while archive\.mongo_url names sqlite:\S+own\.db: set identity\.mongo_url, too$/,
    );
    const own = "--set cache.mongo_url=sqlite:own.db --set identity.mongo_url=sqlite:own.db";
    match(
      (await run(`doctor ${own}`)).out,
      /^ok {4}databases: cache, archive, identity in \S+own\.db$/m,
    );
    await Deno.remove(join(folder, "config.json"));
    const set = "--set archive.mongo_url=mongodb://127.0.0.1:1/";
    const asked = await run(`status ${set}`);
    match(asked.err, /^warning: cache\.mongo_url is not set, so sqlite:\S+ is used, while archive/);
  });
});

Deno.test("commands name settings that do not exist, once", async () => {
  await within(async (run, folder) => {
    const path = join(folder, "config.json");
    await Deno.writeTextFile(path, JSON.stringify({ archive: { leese: 30 } }));
    for (const args of ["status", "quarantine list", "verify"]) {
      const { code, err } = await run(args);
      deepEqual([code, err], [
        0,
        `warning: archive.leese is not a setting (${path}). Did you mean archive.lease?`,
      ]);
    }
    equal((await run("config show")).err, "");
  });
});

Deno.test("commands that read create no database and say which file is missing", async () => {
  await within(async (run, folder) => {
    await run("keygen");
    const set = "--set archive.mongo_url=sqlite:a/x.db --set cache.mongo_url=sqlite:a/x.db";
    for (const args of ["status", "verify", "quarantine list", "reparse cowrie --dry-run"]) {
      const { code, err } = await run(`${args} ${set}`);
      equal(code, 1, args);
      match(
        err,
        /^error: Cannot open database \S+\/a\/x\.db: there is no such file\. Check mongo_url/m,
      );
    }
    const doctor = await run(`doctor ${set}`);
    match(doctor.out, /^warn {2}archive: Cannot open database .* there is no such file/m);
    equal(doctor.code, 0);
    const identity = "--set identity.mongo_url=sqlite:a/x.db --set report.mongo_url=sqlite:a/x.db";
    const asked = `query count ipv4 192.0.2.1 --now ${set} ${identity}`;
    for (const args of [asked, `status ${set} ${identity}`, `users list ${set} ${identity}`]) {
      const { code, err } = await runProgram("report", args.split(" "), { folder });
      equal(code, 1, args);
      match(err, /there is no such file/);
    }
    await rejects(Deno.stat(join(folder, "a")), Deno.errors.NotFound);
    equal((await run(`submit - --type cowrie --org ${ORGID} ${set}`, "{}")).code, 0);
    equal((await run(`status ${set}`)).code, 0);
  });
});

const ENDINGS: [args: string, code: number, out: RegExp, err: RegExp][] = [
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
  ["quarantine show 7", 1, /^$/, /^error: Cannot show entry 7: there is no such entry$/],
  ["status --set cache.mongo_url=sqlite:.", 1, /^$/, /^error: Cannot open database [^\n]+$/],
];

for (const [args, expected, out, err] of ENDINGS) {
  Deno.test(`archive ${args} exits with ${expected}`, async () => {
    await within(async (run) => {
      const ended = await run(args);
      match(ended.out, out);
      match(ended.err, err);
      equal(ended.code, expected);
    });
  });
}
