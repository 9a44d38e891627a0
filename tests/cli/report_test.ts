import { deepEqual, equal, match } from "../assert.ts";
import { inFolder, type Run } from "./in_folder.ts";

/** Runs a function with report in a temporary folder. */
function within(work: (run: Run, folder: string) => Promise<void>): Promise<void> {
  return inFolder("report", work);
}

Deno.test("report users and report orgs add and list members", async () => {
  await within(async (run) => {
    equal((await run("users add a@example.com --org example")).code, 0);
    equal((await run("users add b@example.com --name Bea")).code, 0);
    equal(
      (await run("orgs add lab -u b@example.com a@example.com -a a@example.com")).code,
      0,
    );
    const users = JSON.parse((await run("users list --json")).out);
    deepEqual(users.map(({ hash: _, ...user }: { hash: string }) => user), [
      { email: "a@example.com", name: "", orgs: ["example", "lab"] },
      { email: "b@example.com", name: "Bea", orgs: ["lab"] },
    ]);
    const orgs = JSON.parse((await run("orgs list --json")).out);
    deepEqual(orgs.map(({ hash: _, ...org }: { hash: string }) => org), [
      { orgname: "example", name: "", users: ["a@example.com"], admins: ["a@example.com"] },
      {
        orgname: "lab",
        name: "",
        users: ["b@example.com", "a@example.com"],
        admins: ["a@example.com"],
      },
    ]);
    equal((await run("users add b@example.com --org example")).code, 0);
    match((await run("users list")).out, /b@example\.com +Bea +example, lab/);
    match(
      (await run("users add b@example.com")).err,
      /a user with this address exists already/,
    );
    match((await run("orgs add lab -u a@example.com")).err, /it exists already/);
    match(
      (await run("orgs add new -u c@example.com")).err,
      /Cannot add c@example\.com to the organisation: there is no such user/,
    );
  });
});

Deno.test("report query requires --user only if there are several users", async () => {
  await within(async (run) => {
    const none = await run("query count ipv4 203.0.113.7 --now");
    match(none.err, /^error: There is no user to ask as\. To add one: report users add /);
    await run("users add a@example.com --org example");
    match(
      (await run("query count ipv4 203.0.113.7 --now")).out,
      /^ipv4 203\.0\.113\.7: 0 events\nAsked +ipv4 203\.0\.113\.7\nFound +nothing: /,
    );
    await run("users add b@example.com");
    const several = await run("query count ipv4 203.0.113.7 --now");
    match(several.err, /^error: Say who asks with --user: a@example\.com, b@example\.com$/);
    const named = await run("query related ipv4 203.0.113.7 --now --user b@example.com");
    match(named.out, /^Nothing found\n/);
    const stranger = await run("query count ipv4 203.0.113.7 --now --user c@example.com");
    match(stranger.err, /^error: Cannot ask as c@example\.com: there is no such user/);
  });
});

Deno.test("report doctor warns if there is no user to ask as", async () => {
  await within(async (run) => {
    const { code, out } = await run("doctor --json");
    const lines: { level: string; about: string }[] = JSON.parse(out);
    deepEqual(lines.map(({ level, about }) => `${level} ${about}`), [
      "ok configuration",
      "ok databases",
      "ok archive",
      "ok identity",
      "warn users",
      "ok reports and queries",
      // Nobody made or named any: to import and to ask with --now, none are needed.
      "ok keys",
    ]);
    equal(code, 0);
  });
});

const ENDINGS: [args: string, code: number, out: RegExp, err: RegExp][] = [
  ["--help", 0, /\nExamples:\n {2}report /, /^$/],
  ["query related --help", 0, /Global Options:[^]+\nExamples:\n {2}report query related/, /^$/],
  ["query count ipv4", 2, /^$/, /^error: missing required argument 'data'$/],
  ["query count ip-v6 ::1", 2, /^$/, /^error: "ip-v6" is not a sub-type\. Did you mean ipv6\?$/],
  ["query count ipv4 x --last soon", 2, /^$/, /^error: --last cannot be read: /],
  ["query count ipv4 x --tzname CET+1", 2, /^$/, /^error: --tzname is not an IANA time zone/],
  ["query count ipv4 x --category bad", 2, /^$/, /Allowed choices are all, benign, malicious/],
  [
    "query related ipv4 x --level 4",
    2,
    /^$/,
    /argument '4' is invalid\. Give a whole number from 1 to 3\.$/,
  ],
  [
    "query threatrank xyz",
    2,
    /^$/,
    /^error: "xyz" does not show what kind it is: it may be hostname, /,
  ],
  ["query count asn {} --literal", 2, /^$/, /^error: with --literal, give a number/],
  ["--set report.notify_ports=0 status", 78, /^$/, /^error: report\.notify_ports must be a port/],
  ["--set report.threatrank_decay=2 status", 78, /^$/, /must be a number from 0\.00001 to 1/],
  ["status", 0, /^wait +0$/m, /^$/],
];

for (const [args, expected, out, err] of ENDINGS) {
  Deno.test(`report ${args} exits with ${expected}`, async () => {
    await within(async (run) => {
      const ended = await run(args);
      match(ended.out, out);
      match(ended.err, err);
      equal(ended.code, expected);
    });
  });
}
