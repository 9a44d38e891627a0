import { deepEqual, equal, match } from "../../assert.ts";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inFolder, type Run, runProgram } from "../in_folder.ts";

const LOGIN = {
  eventid: "cowrie.login.failed",
  username: "root",
  password: "root",
  timestamp: "2026-03-14T03:00:02.5Z",
  sensor: "hp-1",
  session: "a1",
  src_ip: "203.0.113.66",
};
const log = (...passwords: string[]) =>
  passwords.map((password) => JSON.stringify({ ...LOGIN, password })).join("\n");

type Installation = {
  readonly folder: string;
  readonly run: Run;
  readonly report: (args: string) => Promise<string>;
  readonly write: (name: string, text: string) => Promise<void>;
};

/** An installation with two organisations, `example` and `lab`, of one user. */
function within(work: (installation: Installation) => Promise<void>): Promise<void> {
  return inFolder("archive", async (run, folder) => {
    const report = async (args: string) =>
      (await runProgram("report", args.split(" "), { folder })).out;
    await report("users add a@example.com --org example");
    await report("users add a@example.com --org lab");
    const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
    await work({ folder, run, report, write });
  });
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}

async function isSound(run: Run): Promise<void> {
  match((await run("verify")).out, / 0 flawed$/);
}

Deno.test("archive forget takes an import back, and leaves another one whole", async () => {
  await within(async ({ run, report, write }) => {
    await write("one.json", log("p1", "p2"));
    await write("two.json", log("p2", "p3"));
    await run("import one.json two.json --type cowrie --org example");
    const dry = await run("forget --file one.json --dry-run");
    match(
      dry.out,
      /^one\.json +1 +2 +cowrie +\d{4}-\S+Z +\d{4}-\S+Z +example +[0-9a-f]{64} +goes$/m,
    );
    match(dry.out, /^1 upload would be forgotten: 1 Raw, 1 event, 0 sessions, 1 object, /m);
    match(dry.out, /^Events that stay, because other uploads brought them as well: 1$/m);
    equal(
      firstLine(await report("query count ipv4 203.0.113.66 --now")),
      "ipv4 203.0.113.66: 3 events",
    );
    const done = await run("forget --file one.json --yes --json");
    const { uploads, raws, events, eventsKept, dryRun } = JSON.parse(done.out);
    deepEqual([uploads, raws, events, eventsKept, dryRun], [1, 1, 1, 1, false]);
    match(
      done.err,
      /^info: Forgot number=1 raw=[0-9a-f]{64} type=cowrie org=[0-9a-f]{64} sent=\S+Z$/,
    );
    equal(
      firstLine(await report("query count ipv4 203.0.113.66 --now")),
      "ipv4 203.0.113.66: 2 events",
    );
    await isSound(run);
    const again = await run("forget --file one.json --yes");
    equal(again.code, 1);
    match(again.err, /Nothing is stored of file one\.json: look at its spelling/);
    match(again.out, /^Nothing to forget: no archived upload of file one\.json$/);
    const before = await run("forget --type cowrie --before 2001-01-31 --yes");
    equal(before.code, 0);
    match(
      before.out,
      /^Nothing to forget: no archived upload of type cowrie before 2001-01-31T00:00:00Z$/,
    );
  });
});

Deno.test("archive forget takes uploads out of the lake too, unless told not to", async () => {
  await within(async ({ run, report, write }) => {
    await run("keygen");
    await write("a.json", log("p1"));
    await write("b.json", log("p2"));
    await write("c.json", log("p3"));
    await run("submit a.json b.json --type cowrie --org example");
    await run("submit c.json --type cowrie --org lab");
    await run("run --once");
    const dry = JSON.parse((await run("forget --file a.json --dry-run --json")).out);
    deepEqual([dry.uploads, dry.entries, dry.dryRun], [1, 1, true]);
    match((await run("forget --file a.json --yes")).err, /^info: Deleted from the lake entry=1 /m);
    await run("forget --file b.json --yes --keep-entries");
    equal(
      firstLine(await report("query count ipv4 203.0.113.66 --now")),
      "ipv4 203.0.113.66: 1 event",
    );
    await run("run --once --force");
    equal(
      firstLine(await report("query count ipv4 203.0.113.66 --now")),
      "ipv4 203.0.113.66: 2 events",
    );
    match((await run("forget --org example --yes")).out, /^1 upload forgotten: .*1 entry of/);
    equal(
      firstLine(await report("query count ipv4 203.0.113.66 --now")),
      "ipv4 203.0.113.66: 1 event",
    );
    match((await run("forget --since 2020-01-01 --yes")).out, /^1 upload forgotten: 1 Raw,/);
    equal((await run("verify")).out, "0 instances checked, 0 flawed");
    match((await run("status")).out, /^SUCCESS +0$/m);
  });
});

Deno.test("archive forget --file finds imports by name, where the file is gone, and by pattern", async () => {
  await within(async ({ folder, run, write }) => {
    await Deno.mkdir(join(folder, "logs"));
    // Of more than 8 MiB: parts.
    const noise = "x".repeat(1_000_000);
    const large = Array.from(
      { length: 9 },
      (_, n) => JSON.stringify({ ...LOGIN, password: `p${n}`, noise }),
    );
    await write("logs/large.json", large.join("\n"));
    for (const day of [1, 2, 3]) await write(`logs/cowrie.json.${day}`, log(`day${day}`));
    await write("list.txt", "203.0.113.7\n");
    await run("import logs --type cowrie --org example");
    await run("import list.txt --type ioc_list --org lab");
    await Deno.remove(join(folder, "logs"), { recursive: true });

    const dry = await run("forget --file large.json --dry-run");
    match(dry.out, /^large\.json +\d +9 +cowrie .* \d Raws +goes$/m);
    const { files } = JSON.parse((await run("forget --dry-run --json --since 2020-01-01")).out);
    deepEqual(
      files.map(({ file, type, events }: Record<string, unknown>) => [file, type, events]),
      [
        ["cowrie.json.1", "cowrie", 1],
        ["cowrie.json.2", "cowrie", 1],
        ["cowrie.json.3", "cowrie", 1],
        ["large.json", "cowrie", 9],
        ["list.txt", "ioc_list", 1],
      ],
    );
    const named = async (args: string) => {
      const { out } = await run(`forget ${args} --dry-run --json`);
      return JSON.parse(out).files.map(({ file }: { readonly file: string }) => file);
    };
    deepEqual(await named("--file cowrie.json.2"), ["cowrie.json.2"]);
    deepEqual(await named("--file cowrie.json.[12]"), ["cowrie.json.1", "cowrie.json.2"]);
    deepEqual(await named("--file *.json* --org lab"), []);
    deepEqual(await named("--file *.txt --file cowrie.json.?"), [
      "cowrie.json.1",
      "cowrie.json.2",
      "cowrie.json.3",
      "list.txt",
    ]);
    const slip = await run("forget --file cowrie.json.4 --yes");
    equal(slip.code, 1);
    match(
      slip.err,
      /Nothing is stored of file cowrie\.json\.4: did you mean cowrie\.json\.[123]\?/,
    );
    match(
      (await run("forget --file cowrie.json.? --yes")).out,
      /^3 uploads forgotten: 3 Raws, 3 events/m,
    );
    // The name survives that the events are made again.
    equal((await run("reparse cowrie")).code, 0);
    deepEqual(await named("--file large.json"), ["large.json"]);
    await isSound(run);
  });
});

Deno.test("archive forget --file with a folder takes what is in that file, and nothing of its name", async () => {
  await within(async ({ folder, run, write }) => {
    for (const source of ["one", "two"]) {
      await Deno.mkdir(join(folder, source));
      await write(`${source}/cowrie.json`, log(source));
      await run(`import ${source}/cowrie.json --type cowrie --org example`);
    }
    await write("one/cowrie.json", log("one", "more"));
    for (const path of ["one/cowrie.json", "three/cowrie.json", "one/cow*.json"]) {
      const { code, out, err } = await run(`forget --file ${path} --yes`);
      equal(code, 1);
      match(out, /^Nothing to forget: /);
      match(err, /Nothing is stored of what is in \S+ now. 2 uploads came under/);
      match(err, /from whatever folder: --file '?cow(rie|\*)\.json'? means them/);
    }
    const pattern = await run("forget --file two/*.json --dry-run");
    equal(pattern.code, 0, pattern.err);
    match(pattern.out, /^1 upload would be forgotten: 1 Raw, 1 event, /m);
    await run("import one/cowrie.json --type cowrie --org example");
    const { code, out, err } = await run("forget --file one/cowrie.json --yes");
    equal(code, 0);
    match(out, /^1 upload forgotten: 1 Raw, 1 event, /m);
    match(err, /^warning: Stays: 2 other uploads of the name cowrie\.json, of other content/m);
    match((await run("forget --file cowrie.json --yes")).out, /^2 uploads forgotten: 2 Raws, 2 /m);
    await isSound(run);
  });
});

Deno.test("archive forget --dry-run names uploads of the lake by their entries, and takes patterns", async () => {
  await within(async ({ run, write }) => {
    await run("keygen");
    for (const name of ["a.json", "b.json", "other.log"]) await write(name, log(name));
    await run("submit a.json b.json other.log --type cowrie --org example");
    await run("run --once");
    match(
      (await run("forget --type cowrie --dry-run")).out,
      /^a\.json +1 +1 +cowrie .*\nb\.json /m,
    );
    const { uploads, entries } = JSON.parse((await run("forget --file [ab].js* --yes --json")).out);
    deepEqual([uploads, entries], [2, 2]);
    match((await run("status")).out, /^SUCCESS +1$/m);
    match((await run("forget --file othr.log --yes")).err, /did you mean other\.log\?/);
  });
});

Deno.test("archive forget of data that two organisations sent asks whose it is", async () => {
  await within(async ({ run, report, write, folder }) => {
    await write("a.json", log("p1"));
    await write("b.json", log("p1"));
    await write("c.json", log("p1"));
    for (const [time, name] of ["a.json", "b.json", "c.json"].entries()) {
      await Deno.utime(join(folder, name), time, time);
    }
    await run("import a.json --type cowrie --org example");
    const { ref } = JSON.parse((await run("import b.json --type cowrie --org lab --json")).out)[0];
    const { code, err } = await run("forget --file c.json --yes");
    equal(code, 1);
    match(err, /several organisations sent the same data\. Give --org as well$/);
    match(
      (await run("forget --file b.json --yes")).out,
      /^Raws that stay, because others sent the same data: 1$/m,
    );
    equal(
      firstLine(await report("query count ipv4 203.0.113.66 --now")),
      "ipv4 203.0.113.66: 1 event",
    );
    match((await run(`forget --raw ${ref} --org lab --yes`)).out, /^Nothing to forget/);
    match((await run(`forget --raw ${ref} --type cowrie --yes`)).out, /^1 upload forgotten/);
    equal((await run("verify")).out, "0 instances checked, 0 flawed");
  });
});

Deno.test("archive forget --org finds uploads that carry the name in place of the hash", async () => {
  await within(async ({ run, report, write }) => {
    await write("a.json", log("p1"));
    const orgs = JSON.parse(await report("orgs list --json"));
    const { hash } = orgs.find(({ orgname }: { orgname: string }) => orgname === "lab");
    await run(`import a.json --type cowrie --org ${hash}`);
    match((await run("forget --org lab --dry-run")).out, /^1 upload would be forgotten/m);
    match((await run("forget --org example --dry-run")).out, /^Nothing to forget/);
    match((await run("forget --org nobody --yes")).out, /^Nothing to forget/);
  });
});

Deno.test("archive purge deletes old finished entries, and the archive stays", async () => {
  await within(async ({ run, report, write, folder }) => {
    await run("keygen");
    await write("a.json", log("p1"));
    await write("b.json", log("p2"));
    await run("submit a.json --type cowrie --org example");
    await run("run --once");
    await run("submit b.json --type cowrie --org example");
    match((await run("purge --older-than 1h --yes")).out, /^Nothing to purge: no finished entry /);
    const db = new DatabaseSync(join(folder, "data", "cybexp", "cybexp.db"));
    db.exec("UPDATE entries SET timestamp = timestamp - 7200");
    db.close();
    const dry = await run("purge --older-than 1h --dry-run");
    match(dry.out, /^SUCCESS +1 +\d+\nNOT_SUPPORTED +0 +0\nERROR +0 +0\n\n1 entry of \d+ bytes /m);
    match((await run("purge --older-than 1h --type stix --yes")).out, /^Nothing to purge/);
    const done = await run("purge --older-than 1h --org example --yes");
    match(done.out, /^1 entry purged, uploaded before /);
    match(done.err, /^info: Purged entry=1 state=SUCCESS name=a\.json$/);
    match((await run("status")).out, /^WAITING +1$/m);
    equal(
      firstLine(await report("query count ipv4 203.0.113.66 --now")),
      "ipv4 203.0.113.66: 1 event",
    );
  });
});

const REFUSALS: [args: string, error: RegExp][] = [
  ["forget", /say what to forget: --raw, --file, --type, --org, --since or --before/],
  ["forget --yes", /say what to forget/],
  ["forget --org example", /look at it with --dry-run, then add --yes/],
  ["forget --raw 12 --yes", /Give a hash, 64 hex digits/],
  ["forget --since soon --yes", /Give a time such as/],
  ["forget --since 2026-02-01 --before 2026-01-01 --yes", /no time is both since/],
  ["purge", /required option '--older-than <age>' not specified/],
  ["purge --older-than 90d", /look at it with --dry-run, then add --yes/],
  ["purge --older-than 0d --yes", /Give a whole number from 1/],
  ["purge --older-than=-3d --yes", /Give a whole number from 1/],
  ["purge --older-than 90 --yes", /Give a whole number from 1/],
  ["purge --older-than 1d --state WAITING --yes", /Give one of SUCCESS, NOT_SUPPORTED, ERROR/],
];

for (const [args, error] of REFUSALS) {
  Deno.test(`archive ${args} is refused with exit code 2`, async () => {
    await within(async ({ run }) => {
      const { code, err } = await run(args);
      equal(code, 2, err);
      match(err, error);
    });
  });
}
