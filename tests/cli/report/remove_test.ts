import { deepEqual, equal, match } from "../../assert.ts";
import { join } from "node:path";
import { inFolder, type Run, runProgram } from "../in_folder.ts";

const SIGHTING = JSON.stringify({ ipv4: "192.0.2.1", timestamp: 5 });

/** `lab` of a (its admin) and b, `office` of a alone; an event of lab. */
function within(work: (run: Run, folder: string) => Promise<void>): Promise<void> {
  return inFolder("report", async (run, folder) => {
    await run("users add a@example.com --org lab");
    await run("users add b@example.com --org lab");
    await run("users add a@example.com --org office");
    await Deno.writeTextFile(join(folder, "a.json"), SIGHTING);
    const args = "import a.json --type sighting --org lab".split(" ");
    equal((await runProgram("archive", args, { folder })).code, 0);
    await work(run, folder);
  });
}

async function countAs(run: Run, email: string): Promise<string> {
  const { out, err } = await run(`query count ipv4 192.0.2.1 --now --user ${email}`);
  return (out || err).split("\n", 1)[0]!;
}

Deno.test("report users remove --org ends what a user sees at once", async () => {
  await within(async (run) => {
    match(await countAs(run, "b@example.com"), /: 1 event$/);
    const { code, out } = await run("users remove b@example.com --org lab --yes");
    equal(code, 0);
    match(out, /^User b@example\.com sees the events of lab no longer; still none$/);
    match(await countAs(run, "b@example.com"), /: 0 events$/);
    const again = await run("users remove b@example.com --org lab --yes");
    equal(again.code, 1);
    match(again.err, /^error: Cannot take user b@example\.com out of lab: not a user of it\./);
    match(
      (await run("users remove b@example.com --org nowhere --yes")).err,
      /report orgs list shows/,
    );
    const users = JSON.parse((await run("users list --json")).out);
    deepEqual(users.map(({ email, orgs }: { email: string; orgs: string[] }) => [email, orgs]), [
      ["a@example.com", ["lab", "office"]],
      ["b@example.com", []],
    ]);
  });
});

Deno.test("report users remove removes a user, once others can do without", async () => {
  await within(async (run) => {
    const refused = await run("users remove a@example.com --yes");
    equal(refused.code, 1);
    match(refused.err, /^error: Cannot remove user a@example\.com: /);
    match(
      refused.err,
      /the only admin of lab \(report users add you@example\.com --org lab --admin makes/,
    );
    match(refused.err, /the only user of office \(report orgs remove office removes/);
    match((await run("users add b@example.com --org lab --admin")).out, /^User b@example\.com/);
    const gone = JSON.parse((await run("orgs remove office --yes --json")).out);
    match(gone.hash, /^[0-9a-f]{64}$/);
    const removed = JSON.parse((await run("users remove a@example.com --yes --json")).out);
    deepEqual([removed.email, removed.orgs], ["a@example.com", ["lab"]]);
    match(
      await countAs(run, "a@example.com"),
      /^error: Cannot ask as a@example\.com: there is no such user/,
    );
    match(await countAs(run, "b@example.com"), /: 1 event$/);
    const orgs = JSON.parse((await run("orgs list --json")).out);
    deepEqual(
      orgs.map(({ orgname, users, admins }: { [name: string]: unknown }) => [
        orgname,
        users,
        admins,
      ]),
      [["lab", ["b@example.com"], ["b@example.com"]]],
    );
    match((await run("users remove a@example.com --yes")).err, /there is none\. report users list/);
  });
});

Deno.test("report orgs remove lets nobody see the organisation's events", async () => {
  await within(async (run, folder) => {
    const { out, code } = await run("orgs remove lab --yes");
    equal(code, 0);
    match(
      out,
      /^Organisation lab is removed: .* archive forget --org [0-9a-f]{64} takes them back$/,
    );
    match(await countAs(run, "a@example.com"), /: 0 events$/);
    match(await countAs(run, "b@example.com"), /: 0 events$/);
    const forget = [...out.match(/archive (forget --org [0-9a-f]{64})/)![1]!.split(" "), "--yes"];
    match(
      (await runProgram("archive", forget, { folder })).out,
      /^1 upload forgotten: 1 Raw, 1 event,/,
    );
    equal((await run("orgs remove lab --yes")).code, 1);
  });
});

Deno.test("report users add --admin without --org is refused", async () => {
  await within(async (run) => {
    const { code, err } = await run("users add c@example.com --admin");
    equal(code, 2);
    match(err, /--admin needs --org/);
  });
});

const REMOVALS = [
  "users remove b@example.com",
  "users remove b@example.com --org lab",
  "orgs remove lab",
];

for (const removal of REMOVALS) {
  Deno.test(`report ${removal} changes nothing where nobody can be asked, or as a dry run`, async () => {
    await within(async (run) => {
      const unasked = await run(removal);
      equal(unasked.code, 2);
      match(unasked.err, /no terminal to ask on: look at it with --dry-run, then add --yes$/);
      const { code, out } = await run(`${removal} --dry-run`);
      equal(code, 0);
      match(
        out,
        /^(?:User b@example\.com|Organisation lab) would .*\nThis was a dry run: nothing was changed$/,
      );
      equal(JSON.parse((await run(`${removal} --dry-run --json`)).out).dryRun, true);
      match(await countAs(run, "b@example.com"), /: 1 event$/);
    });
  });
}

Deno.test("report users remove --dry-run says what keeps a user", async () => {
  await within(async (run) => {
    const { code, err } = await run("users remove a@example.com --dry-run");
    equal(code, 1);
    match(err, /the only user of office/);
  });
});
