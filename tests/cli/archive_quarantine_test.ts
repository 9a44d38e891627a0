import { deepEqual, equal, match, ok } from "../assert.ts";
import { join } from "node:path";
import { withoutEvents } from "../../lib/lake/filter_uploads.ts";
import { parseInput } from "../../lib/lake/parse_input.ts";
import { install } from "../e2e/installation.ts";
import { inFolder, type Run } from "./in_folder.ts";

const ORGID = "0f".repeat(32);
const AS_COWRIE = `--type cowrie --org ${ORGID}`;

/** Runs a function with archive, in a folder with two files of which no event can be made. */
function within(work: (run: Run, folder: string) => Promise<void>): Promise<void> {
  return inFolder("archive", async (run, folder) => {
    await Deno.writeTextFile(join(folder, "bad.json"), '{"a":1}');
    await Deno.writeTextFile(join(folder, "own.txt"), "text");
    await work(run, folder);
  });
}

Deno.test("archive quarantine lists imports of which no event was made, with file and reason", async () => {
  await within(async (run) => {
    const { out, code } = await run(`import bad.json ${AS_COWRIE}`);
    equal(code, 1);
    match(
      out,
      /\n\nStored, but without events: 1\. archive quarantine list names them; once .* archive reparse TYPE /,
    );
    ok(!out.includes("Refused"), out);
    const own = "--set archive.typetags=own_feed";
    equal((await run(`import own.txt --type own_feed --org ${ORGID} ${own}`)).code, 0);

    const listed = (await run("quarantine list")).out;
    match(listed, /EVENTS_REJECTED +cowrie +bad\.json .* EVENTS_INVALID: eventid is missing$/m);
    match(listed, /EVENTS_REJECTED +own_feed +own\.txt .* No filter reads own_feed$/m);
    const entries: { id: string; name: string; orgid: string }[] = JSON.parse(
      (await run("--json quarantine list --state EVENTS_REJECTED --type cowrie")).out,
    );
    deepEqual(entries.map(({ name, orgid }) => [name, orgid]), [["bad.json", ORGID]]);
    const [{ id } = { id: "" }] = entries;
    match((await run(`quarantine show ${id}`)).out, /^name +bad\.json$/m);
    match((await run(`quarantine list ${id} --type cowrie`)).out, /bad\.json/);
    equal((await run("quarantine list --state ERROR")).out, "No entries");

    const replayed = await run(`quarantine replay ${id}`);
    equal(replayed.code, 2);
    match(replayed.err, /imported, not uploaded: archive reparse TYPE reads imports again$/);
    match((await run("reparse cowrie")).err, /the filter rejects it .*eventid is missing/);
    match((await run("quarantine list")).out, /bad\.json/);
    equal((await run(`forget --raw ${id} --yes`)).code, 0);
    equal((await run("quarantine list --type cowrie")).out, "No entries");
  });
});

Deno.test("archive import does not send to the quarantine for what it refused", async () => {
  await within(async (run) => {
    const { out, code } = await run(`import own.txt none.txt --org ${ORGID}`);
    equal(code, 1);
    match(out, /\n\n2 files: 0 events, 2 refused or without events$/);
    equal((await run("quarantine list")).out, "No entries");
  });
});

Deno.test("archive import says that a file is empty, or in UTF-16 without a mark", async () => {
  await within(async (run, folder) => {
    const utf16 = (text: string) =>
      new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer);
    await Deno.writeTextFile(join(folder, "empty"), " \n");
    await Deno.writeFile(join(folder, "ascii"), utf16('{"eventid": "cowrie.session.connect"}'));
    await Deno.writeFile(join(folder, "latin"), utf16('{"eventid": "caf\u00e9"}'));
    const { out } = await run(`import empty ascii latin ${AS_COWRIE}`);
    match(out, /^empty .* no events: EVENTS_INVALID: it is empty$/m);
    match(
      out,
      /^ascii .* no events: EVENTS_INVALID: it looks like UTF-16 without a byte order mark/m,
    );
    match(out, /^latin .* refused: it looks like UTF-16 without a byte order mark\. Convert it/m);
  });
});

Deno.test("archive reparse takes what it can read by now out of the quarantine", async () => {
  const installation = await install({});
  try {
    const { stores: { archive, lake }, run } = installation;
    const record = {
      eventid: "cowrie.login.failed",
      username: "root",
      password: "root",
      src_ip: "203.0.113.66",
      session: "s1",
      sensor: "hp-1",
      timestamp: "2026-03-14T03:00:02.5Z",
    };
    // As an earlier version left them that could not read this record.
    const upload = { typetag: "cowrie", timezone: "UTC", orgid: ORGID };
    const parse = (session: string) => {
      const data = new TextEncoder().encode(JSON.stringify({ ...record, session }));
      return parseInput({ name: `${session}.json`, data, modified: 5 }, { upload, timestamp: 5 });
    };
    const [imported, uploaded] = [await parse("s1"), await parse("s2")];
    const { file: _, source: { name: __, ...source }, ...sent } = uploaded;
    const fault = new Error("eventid is odd");
    const raws = [withoutEvents(imported, fault), withoutEvents({ ...sent, source }, fault)]
      .map(({ raw }) => raw);
    await archive.put(raws);
    const { bytes } = await installation.upload("{}");
    await lake.submit([{ ...upload, name: "s2.json", timestamp: 5, bytes }]);
    const [claim] = await lake.claim({ owner: "w", limit: 1, lease: 60, now: 10 });
    const outcome = { state: "SUCCESS", ref: raws[1]!._hash, events: "rejected" } as const;
    await lake.settle([{ claim: claim!, outcome: { ...outcome, reason: "eventid is odd" } }]);

    match((await run("quarantine", "list")).out, /s1\.json[^]*s2\.json|s2\.json[^]*s1\.json/);
    match((await run("reparse", "cowrie", "--dry-run")).out, /^2 Raws: [1-9]/);
    match((await run("status")).out, /^Archived without their events: 1 /m);
    match((await run("reparse", "cowrie")).out, /^2 Raws: [1-9]/);
    equal((await run("quarantine", "list")).out, "No entries\n");
    equal((await run("status")).out.includes("without their events"), false);
  } finally {
    await installation.close();
  }
});
