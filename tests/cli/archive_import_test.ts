import { deepEqual, equal, match, ok } from "../assert.ts";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { commandOf } from "../program.ts";
import { inFolder, type Run, runProgram } from "./in_folder.ts";

const LOGIN = {
  eventid: "cowrie.login.failed",
  username: "root",
  password: "root",
  timestamp: "2026-03-14T03:00:02.5Z",
  sensor: "hp-1",
  session: "a1",
  src_ip: "203.0.113.66",
};
const LOG = [0, 1, 2].map((n) => JSON.stringify({ ...LOGIN, password: `p${n}` })).join("\n");

/** Runs a function in an installation with one user, of the organisation `example`. */
function within(work: (run: Run, folder: string) => Promise<void>): Promise<void> {
  return inFolder("archive", async (run, folder) => {
    await runProgram("report", "users add a@example.com --org example".split(" "), { folder });
    await work(run, folder);
  });
}

async function count(folder: string, question: string): Promise<string> {
  const args = `query count ${question} --now`.split(" ");
  return (await runProgram("report", args, { folder })).out.split("\n")[0]!;
}

Deno.test("archive import makes the records of a log available to questions, without a key", async () => {
  await within(async (run, folder) => {
    await Deno.writeTextFile(join(folder, "log.json"), `${LOG}\n{"eventid": 5}\n`);
    const { code, out, err } = await run("import log.json --type cowrie --org example");
    deepEqual([code, err], [0, ""]);
    match(out, /^log\.json +3 +1 record rejected: 1 × timestamp is missing \(first: 4\)$/m);
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 3 events");
    match((await run("verify")).out, / 0 flawed$/);
  });
});

Deno.test("archive import reads a log of many megabytes in parts, with its events", async () => {
  await within(async (run, folder) => {
    // Over 8 MiB: parts of 1 MiB, which another thread filters.
    const noise = "x".repeat(1000);
    const lines = Array.from(
      { length: 9000 },
      (_, n) => JSON.stringify({ ...LOGIN, session: `s${n % 100}`, password: `p${n}`, noise }),
    );
    await Deno.writeTextFile(join(folder, "log.json"), lines.join("\n"));
    const { code, out, err } = await run("import log.json --type cowrie --org example");
    deepEqual([code, err], [0, ""]);
    match(out, /9,?000 events/);
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 9000 events");
    match((await run("verify")).out, / 0 flawed$/);
  });
});

Deno.test("archive import shows every reason for which records were rejected, and how often", async () => {
  await within(async (run, folder) => {
    const faults = ["half", "{}", '"', "{}", "{}"];
    await Deno.writeTextFile(join(folder, "log.json"), `${LOG}\n${faults.join("\n")}\n`);
    const { out } = await run("import log.json --type cowrie --org example");
    const text = "5 records rejected: 3 × eventid is missing (first: 5), 1 × Not JSON: ";
    equal(out.includes(text), true, out);
    await Deno.writeTextFile(join(folder, "log.json"), `${faults.join("\n")}\n${LOG}\n`);
    const { out: json, code } = await run("import log.json --type cowrie --org example --json");
    const [{ reasons, rejected, events }] = JSON.parse(json);
    deepEqual([events, rejected.length, code], [3, 5, 0]);
    deepEqual(reasons[0], { reason: "eventid is missing", records: 3, first: 2 });
  });
});

Deno.test("archive import warns of events that are later than now, in parts of large logs as well", async () => {
  await within(async (run, folder) => {
    const noise = "x".repeat(1000);
    const year = (n: number) => n % 1000 === 0 ? 2099 : 2026;
    const lines = Array.from({ length: 9000 }, (_, n) => {
      const timestamp = `${year(n)}-03-14T03:00:02.5Z`;
      return JSON.stringify({ ...LOGIN, password: `p${n}`, timestamp, noise });
    });
    await Deno.writeTextFile(join(folder, "log.json"), lines.join("\n"));
    const { code, err, out } = await run("import log.json --type cowrie --org example");
    equal(code, 0);
    match(err, /^warning: 9 events later than now \(by over a day\): /);
    match(out, /9,?000 events, 9 of them later than now$/);
    await Deno.writeTextFile(join(folder, "late.json"), lines[0]!);
    const { out: json } = await run("import late.json --type cowrie --org example --json");
    equal(JSON.parse(json)[0]["future"], 1);
    match(await count(folder, "ipv4 203.0.113.66"), /: 8991 events$/);
    match(await count(folder, "password p0"), /: 0 events$/);
  });
});

Deno.test("archive import --strict exits with 1 if any record was rejected", async () => {
  await within(async (run, folder) => {
    await Deno.writeTextFile(join(folder, "good.json"), LOG);
    await Deno.writeTextFile(join(folder, "some.json"), `${LOG}\nhalf`);
    await Deno.writeTextFile(join(folder, "none.json"), '{}\n{"eventid": 5}\n{}');
    const options = "--type cowrie --org example --strict";
    equal((await run(`import good.json ${options}`)).code, 0);
    equal((await run(`import some.json ${options}`)).code, 1);
    const { code, out } = await run("import none.json --type cowrie --org example");
    equal(code, 1);
    match(out, /None of 3 records can be read: 2 × eventid is missing \(first: 1\), 1 × /);
  });
});

Deno.test("archive import reads gzip, UTF-16, byte order marks and lists in Latin-1", async () => {
  await within(async (run, folder) => {
    const utf16 = Buffer.from(`\ufeff${LOG}`, "utf16le");
    const files = [Buffer.from(`\ufeff${LOG}`), utf16, gzipSync(LOG), gzipSync(utf16)];
    for (const [number, bytes] of files.entries()) {
      await Deno.writeFile(join(folder, `${number}.json`), bytes);
    }
    const args = "import 0.json 1.json 2.json 3.json --type cowrie --org example --json";
    const [first, ...others] = JSON.parse((await run(args)).out);
    deepEqual([first.events, first.rejected], [3, []]);
    const refs = others.map((one: { ref: string; known: boolean }) => one.known && one.ref);
    deepEqual(refs, [first.ref, first.ref, first.ref]);
    const list = Buffer.from("http://a.example/caf\xe9\n", "latin1");
    await Deno.writeFile(join(folder, "list.txt"), list);
    const { code, out } = await run("import list.txt --type openphish_feed --org example");
    equal(code, 0);
    match(out, /^list\.txt +1 +charset other than UTF-8 \(read as windows-1252\)$/m);
    match(await count(folder, "url http://a.example/café"), /1 event/);
    const bomb = gzipSync(Buffer.alloc(1_000_001));
    await Deno.writeFile(join(folder, "bomb.gz"), bomb);
    const refused = await run(
      "import bomb.gz --type openphish_feed --org example --set archive.max_bytes=1000000",
    );
    equal(refused.code, 1);
    match(refused.out, /refused: it is compressed and unfolds to more than \d+ bytes/);
  });
});

Deno.test("archive import changes nothing if the data is known, even from another file", async () => {
  await within(async (run, folder) => {
    const urls = "http://a.example.com/\nhttp://b.example.com/\n# a comment\n";
    await Deno.writeTextFile(join(folder, "a.txt"), urls);
    await Deno.writeTextFile(join(folder, "b.txt"), urls);
    await Deno.utime(join(folder, "b.txt"), 5, 5);
    const both = await run("import a.txt b.txt --type openphish_feed --org example --json");
    const [first, second] = JSON.parse(both.out);
    deepEqual([first.events, Object.values(first.skipped)], [2, [1]]);
    deepEqual(second, { name: "b.txt", ref: first.ref, known: true });
    equal(await count(folder, "url http://a.example.com/"), "url http://a.example.com/: 1 event");
  });
});

Deno.test("archive import takes a folder, and finds out the types of its files", async () => {
  await within(async (run, folder) => {
    const files = {
      "cowrie.json": LOG,
      "cowrie.json.2020-03-19": LOG.replaceAll("203.0.113.66", "203.0.113.67"),
      "lists/urls.txt": "http://a.example.com/\n",
      "lists/.hidden": "http://b.example.com/\n",
      "notes.txt": "call 203.0.113.66 tomorrow\n",
    };
    await Deno.mkdir(join(folder, "in", "lists"), { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, "in", name), text);
    }
    const { code, out, err } = await run("import in --org example");
    equal(code, 1);
    match(out, /^cowrie\.json +3 /m);
    match(out, /^cowrie\.json\.2020-03-19 +3 /m);
    match(out, /^urls\.txt +1 /m);
    match(out, /^notes\.txt .*refused: neither its name nor its content .*--type TYPE$/m);
    match(out, /archive import in\/notes\.txt --type ioc_list --org example\. Otherwise /);
    equal(out.includes(".hidden"), false);
    match(out, /^urls\.txt +1 +ioc_list +-$/m);
    match(out, /\n\n4 files: 7 events, 1 refused or without events$/);
    equal(err, "");
    equal(await count(folder, "ipv4 203.0.113.67"), "ipv4 203.0.113.67: 3 events");
    const types = await run("types in --json");
    deepEqual(
      JSON.parse(types.out).map(({ name, typetag }: Record<string, unknown>) => [name, typetag]),
      [
        ["cowrie.json", "cowrie"],
        ["cowrie.json.2020-03-19", "cowrie"],
        ["urls.txt", "ioc_list"],
        ["notes.txt", null],
      ],
    );
    equal(types.code, 1);
    equal((await run("import - --org example", LOG)).code, 2);
  });
});

/** Ten megabytes in twenty lines. */
const LARGE_LOG = Array.from(
  { length: 20 },
  (_, n) => JSON.stringify({ ...LOGIN, password: `p${n}`, message: "x".repeat(500_000) }) + "\n",
).join("");

Deno.test("archive import splits a large log, and knows its parts when it has grown", async () => {
  await within(async (run, folder) => {
    const log = join(folder, "log.json");
    await Deno.writeTextFile(log, LARGE_LOG);
    const parts = JSON.parse((await run("import log.json --type cowrie --org example --json")).out);
    deepEqual(
      parts.map(({ name, events }: Record<string, unknown>) => [name, events]),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((part) => [`log.json#${part}`, 2]),
    );
    await Deno.writeTextFile(log, LARGE_LOG + LOG.replaceAll(/"p(\d)"/g, '"q$1"'));
    const { code, out } = await run("import log.json --type cowrie --org example");
    equal(code, 0);
    match(out, /^log\.json +5 +10 parts; 9 already known$/m);
    equal(out.includes("log.json#"), false);
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 23 events");
    match((await run("verify")).out, / 0 flawed$/);
  });
});

Deno.test("archive submit makes an entry of each part of a large log", async () => {
  await within(async (run, folder) => {
    await run("keygen");
    equal((await run("submit - --type cowrie --org example", LARGE_LOG)).out, "10 submitted");
    match((await run("run --once")).out, /^archived 10, events 20,/);
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 20 events");
  });
});

Deno.test("archive import refuses an organisation that does not exist, and takes any hash", async () => {
  await within(async (run, folder) => {
    await Deno.writeTextFile(join(folder, "log.json"), LOG);
    const typo = await run("import log.json --type cowrie --org exampel");
    deepEqual([typo.code, typo.out], [2, ""]);
    match(
      typo.err,
      /^error: there is no organisation exampel.* report orgs add exampel --user \S+;/,
    );
    const watched = await run("import --watch . --type cowrie --org exampel");
    equal(watched.code, 2);
    match((await run("verify")).out, /^0 instances checked, 0 flawed$/);
    equal((await run(`import log.json --type cowrie --org ${"0f".repeat(32)}`)).code, 0);
  });
});

Deno.test("archive import takes the time of a feed from the file", async () => {
  await within(async (run, folder) => {
    await Deno.writeTextFile(join(folder, "a.txt"), "http://a.example.com/");
    await Deno.utime(join(folder, "a.txt"), 1_600_000_000, 1_600_000_000);
    equal((await run("import a.txt --type openphish_feed --org example")).code, 0);
    const question = "url http://a.example.com/ --from 2020-09-13 --to 2020-09-14";
    match(await count(folder, question), /: 1 event$/);
  });
});

Deno.test("archive import continues after a file that it cannot read, and exits with 1", async () => {
  await within(async (run, folder) => {
    await Deno.writeFile(join(folder, "a.bin"), Uint8Array.of(0xff));
    await Deno.writeTextFile(join(folder, "b.json"), "{}");
    await Deno.writeTextFile(join(folder, "c.json"), LOG);
    const { code, out } = await run(
      "import a.bin b.json c.json absent --type cowrie --org example",
    );
    equal(code, 1);
    match(out, /^a\.bin .*refused: it is not UTF-8/m);
    match(out, /^b\.json +0 +no events: EVENTS_INVALID: eventid is missing$/m);
    match(out, /^c\.json +3 /m);
    match(out, /^absent .*refused: there is no such file$/m);
  });
});

Deno.test("archive import and reparse refuse wrong usage with exit code 2", async () => {
  await within(async (run, folder) => {
    await Deno.writeTextFile(join(folder, "cybexp.txt"), "");
    for (
      const [args, error] of [
        ["import --type cowrie --org o", /give either files or --watch FOLDER/],
        ["import a --watch . --type cowrie --org o", /give either files or --watch FOLDER/],
        ["import --watch . --strict --type cowrie --org o", /--strict is for files/],
        [
          "import --watch nowhere --type cowrie --org o",
          /Cannot watch nowhere: there is no such folder/,
        ],
        [
          "import --watch cybexp.txt --type cowrie --org o",
          /Cannot watch cybexp.txt: it is a file/,
        ],
        ["import --follow . --type cowrie --org o", /Cannot follow \.: it is a folder/],
        ["import --follow *.json --type cowrie --org o", /no file matches this pattern/],
        ["import --follow a --type stix --org o", /--follow reads files line by line/],
        ["import a --type unheard_of --org o", /type unheard_of is not supported/],
        ["import a --type cowrie --org o --timezone Mars/X", /not a time zone/],
        ["import - --org o", /--type/],
        ["reparse unheard_of", /no filter reads unheard_of. Give one of cowrie, /],
        ["reparse cowrie --since soon", /Give a time/],
        ["reparse cowrie --after 12", /64 hex digits/],
      ] as const
    ) {
      const { code, err } = await run(args);
      equal(code, 2, args);
      match(err, error);
    }
  });
});

Deno.test("archive run makes no events if archive.filters is false, and reparse makes them later", async () => {
  await within(async (run, folder) => {
    await run("keygen");
    await run("submit - --type cowrie --org example", LOG);
    match((await run("run --once --set archive.filters=false")).out, /^archived 1, events 0,/);
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 0 events");
    const dry = await run("reparse cowrie --dry-run");
    match(dry.out, /^1 Raw: 3 events would come, 0 would go, 0 stay\n\n/);
    equal(dry.out.match(/^comes +login +2026-03-14T03:00:02Z /gm)?.length, 3);
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 0 events");
    equal((await run("reparse cowrie")).out, "1 Raw: 3 events come, 0 go, 0 stay");
    const again = JSON.parse((await run("reparse cowrie --json")).out);
    deepEqual([again.come, again.go, again.stay], [0, 0, 3]);
    equal((await run(`reparse cowrie --after ${again.last}`)).out.split(":")[0], "0 Raws");
    match((await run("reparse cowrie --since 2999-01-01")).out, /^0 Raws/);
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 3 events");
  });
});

Deno.test("archive quarantine lists uploads whose events were rejected, and puts them back", async () => {
  await within(async (run) => {
    await run("keygen");
    await run("submit - --type cowrie --org example", "{}");
    const { out, code } = await run("run --once");
    deepEqual([code, out], [
      0,
      "archived 1, events 0, without their events 1, not supported 0, rejected 0, to be tried again 0",
    ]);
    match((await run("status")).out, /^Archived without their events: 1 /m);
    const [entry] = JSON.parse((await run("quarantine list --json")).out);
    deepEqual([entry.state, entry.events], ["SUCCESS", "rejected"]);
    match((await run("quarantine list")).out, /EVENTS_REJECTED .*eventid is missing/);
    match((await run(`quarantine show ${entry.id}`)).out, /^state +EVENTS_REJECTED$/m);
    equal((await run("quarantine list --state ERROR")).out, "No entries");
    equal((await run("quarantine replay --state EVENTS_REJECTED")).out, "1 put back");
  });
});

/** A run of `archive import` that goes on until it is told to stop. */
class Watching {
  readonly #child: Deno.ChildProcess;
  readonly #log: ReadableStreamDefaultReader<string>;
  readonly #timeout: ReturnType<typeof setTimeout>;
  text = "";

  constructor(folder: string, args: readonly string[]) {
    const command = commandOf("archive", ["-A"]);
    this.#child = new Deno.Command(command.path, {
      args: [...command.args, "import", "--org", "example", ...args],
      cwd: folder,
      env: { XDG_DATA_HOME: join(folder, "data"), XDG_CONFIG_HOME: folder, NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#log = this.#child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    this.#timeout = setTimeout(() => this.#child.kill("SIGKILL"), 60_000);
  }

  /** Waits until something was logged. */
  async until(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.text)) {
      const { value, done } = await this.#log.read();
      equal(done, false, `the program ended: ${this.text}`);
      this.text += value;
    }
  }

  /** Stops it; returns what it wrote to standard output. */
  async stop(): Promise<string> {
    this.#child.kill("SIGINT");
    const out = await new Response(this.#child.stdout).text();
    equal((await this.#child.status).code, 0);
    clearTimeout(this.#timeout);
    await this.#log.cancel();
    return out.trimEnd();
  }
}

Deno.test("archive import --watch imports files that arrive or grow, until it is told to stop", async () => {
  await within(async (_run, folder) => {
    const inbox = join(folder, "inbox");
    await Deno.mkdir(inbox);
    await Deno.writeTextFile(join(inbox, "first.json"), LOG);
    const watching = new Watching(folder, ["--type", "cowrie", "--watch", inbox]);
    await watching.until(/Imported first\.json .*events=3/);
    await Deno.writeTextFile(join(inbox, "second.json"), LOG.replaceAll("p1", "q1"));
    await watching.until(/Imported second\.json /);
    await Deno.writeTextFile(join(inbox, "first.json"), LOG.replace(/^/, "\n"), { append: true });
    await watching.until(/Imported first\.json@\d+ .*events=3/);
    const out = await watching.stop();
    equal(out, "2 files found. Imported 10 lines: 9 events");
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 4 events");
  });
});

Deno.test("archive import --watch imports of a compressed log only what it did not import before", async () => {
  await within(async (_run, folder) => {
    const inbox = join(folder, "inbox");
    await Deno.mkdir(inbox);
    const log = join(inbox, "cowrie.json");
    await Deno.writeTextFile(log, `${LOG}\n`);
    const watching = new Watching(folder, ["--watch", inbox]);
    await watching.until(/Imported cowrie\.json /);
    await Deno.writeFile(`${log}.2.gz`, gzipSync(`${LOG}\n`));
    await watching.until(/^info: All lines of cowrie\.json\.2\.gz were imported before/m);
    await Deno.remove(log);
    await Deno.writeFile(`${log}.1.gz`, gzipSync(`${LOG}\n${LOG.replaceAll("p1", "q1")}\n`));
    await watching.until(/Imported cowrie\.json\.1\.gz .*events=3/);
    equal(
      await watching.stop(),
      "3 files found, 1 of them with nothing new. Imported 3 lines: 6 events",
    );
    equal(await count(folder, "ipv4 203.0.113.66"), "ipv4 203.0.113.66: 4 events");
  });
});

Deno.test("archive import --watch repeats the header before rows that were added to a table", async () => {
  await within(async (_run, folder) => {
    const inbox = join(folder, "inbox");
    await Deno.mkdir(inbox);
    await Deno.writeTextFile(
      join(inbox, "feed.csv"),
      "id,url,target\n1,http://a.example/,x.example\n",
    );
    const watching = new Watching(folder, ["--watch", inbox]);
    await watching.until(/Imported feed\.csv .*typetag=ioc_list events=1/);
    const rows = "2,http://b.example/,x.example\n";
    await Deno.writeTextFile(join(inbox, "feed.csv"), rows, { append: true });
    await watching.until(/Imported feed\.csv@\d+ .*events=1/);
    await watching.stop();
    equal(await count(folder, "url http://b.example/"), "url http://b.example/: 1 event");
    equal(await count(folder, "domain x.example"), "domain x.example: 0 events");
  });
});

Deno.test("archive import counts the events of a split MISP event once", async () => {
  await within(async (run, folder) => {
    const uuid = (n: number) => `5e9d2f4a-0000-4000-8000-${String(n).padStart(12, "0")}`;
    const comment = "x".repeat(1_000_000);
    const attributes = Array.from({ length: 12 }, (_, n) => ({
      uuid: uuid(n + 1),
      type: "domain",
      category: "Network activity",
      value: `host${n}.evil.example`,
      timestamp: "1700000000",
      comment,
    }));
    const event = { uuid: uuid(0), info: "large", date: "2024-01-01", timestamp: "1700000000" };
    const text = JSON.stringify({ Event: { ...event, Attribute: attributes } });
    await Deno.writeTextFile(join(folder, "misp.json"), text);
    const { out } = await run("import misp.json --type misp --org example --json");
    const parts: { events: number }[] = JSON.parse(out);
    ok(parts.length > 1, out);
    equal(parts.reduce((sum, { events }) => sum + events, 0), 1 + 12);
    const { uploads, events } = JSON.parse(
      (await run("forget --file misp.json --dry-run --json")).out,
    );
    deepEqual([uploads, events], [parts.length, 1 + 12]);
  });
});

Deno.test("archive import --follow refuses a compressed file, which does not grow by lines", async () => {
  await within(async (run, folder) => {
    await Deno.writeFile(join(folder, "log.json.gz"), gzipSync(LOG));
    const { code, out, err } = await run("import --follow log.json.gz --type cowrie --org example");
    deepEqual([code, out], [2, ""]);
    match(
      err,
      /^error: Cannot follow log\.json\.gz: it is compressed.* Import it without --follow/,
    );
    match((await run("import log.json.gz --type cowrie --org example")).out, /: 3 events$/);
  });
});

Deno.test("archive import --follow names what it waits for, and sums up at its end", async () => {
  await within(async (_run, folder) => {
    await Deno.writeTextFile(join(folder, "a.json"), `${LOG}\n{}\n`);
    await Deno.mkdir(join(folder, "later"));
    const args = ["--type", "cowrie", "--follow", "a.json", "./a.json", "later/b.json", "--json"];
    const following = new Watching(folder, args);
    await following.until(/^info: Following 2 files: a\.json, later\/b\.json$/m);
    await following.until(
      /^warning: Cannot follow later\/b\.json yet: it does not exist\. Waiting/m,
    );
    await following.until(/Imported a\.json@0 /);
    await Deno.writeTextFile(join(folder, "later", "b.json"), `${LOG.replaceAll("p1", "q1")}\n`);
    await following.until(/^info: Following later\/b\.json now$/m);
    await following.until(/Imported b\.json@0 /);
    const { lines, events, rejected, refused } = JSON.parse(await following.stop());
    deepEqual([lines, events, rejected, refused], [7, 6, 1, 0]);
  });
});

const MALWARE = Array.from({ length: 20 }, (_, number) => ({
  type: "malware",
  id: `malware--${number}`,
  name: `malware-${number}`,
  description: "x".repeat(1000),
  created: "2024-03-01T00:00:00Z",
}));
const USES = MALWARE.map(({ id }, number) => ({
  type: "relationship",
  id: `relationship--${number}`,
  source_ref: id,
  target_ref: MALWARE[(number * 7) % 20]!.id,
  relationship_type: "uses",
  created: "2024-03-01T00:00:00Z",
}));

Deno.test("archive import and submit split STIX of any size, compressed or not, into the same Raws", async () => {
  await within(async (run, folder) => {
    const large = { type: "malware", id: "malware--large", name: "y".repeat(9000) };
    const text = JSON.stringify({ type: "bundle", objects: [...USES, large, ...MALWARE] });
    await Deno.writeTextFile(join(folder, "all.json"), text);
    await Deno.writeFile(join(folder, "all.json.gz"), gzipSync(text));
    const options = "--type stix --org example --json --set archive.max_bytes=8000";
    const { code, out } = await run(`import all.json ${options}`);
    equal(code, 1);
    const [refused, ...parts] = JSON.parse(out);
    equal(refused.name, "all.json#malware--large");
    match(
      refused.refused,
      /^it has 9\d{3} bytes, with what it refers to, and a record at most 7200$/,
    );
    deepEqual(parts.map(({ name }: { name: string }) => name).slice(0, 2), [
      "all.json#1",
      "all.json#2",
    ]);
    equal(parts.reduce((sum: number, { events }: { events: number }) => sum + events, 0), 40);
    // The malware, and two relationships, in other parts.
    equal(await count(folder, "name malware-7"), "name malware-7: 3 events");
    for (const [file, stdin] of [["all.json.gz"], ["-", text]] as const) {
      const known = (await run(`import ${file} ${options}`, stdin)).out;
      deepEqual(
        JSON.parse(known).slice(1).map((one: { ref: string; known: true }) => one.known && one.ref),
        parts.map(({ ref }: { ref: string }) => ref),
      );
    }
    await run("keygen");
    const submitted = JSON.parse((await run(`submit all.json ${options}`)).out);
    equal(submitted.submitted.length, parts.length);
    const before = (await run("verify")).out;
    match((await run("run --once")).out, new RegExp(`^archived ${parts.length}, events 40, `));
    match(before, / 0 flawed$/);
    equal((await run("verify")).out, before);
    deepEqual(submitted.refused.map(({ name }: { name: string }) => name), [
      "all.json#malware--large",
    ]);
  });
});
