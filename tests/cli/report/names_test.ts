import { deepEqual, equal, match } from "../../assert.ts";
import { inFolder, runProgram } from "../in_folder.ts";

const NO_ADDRESSES = [
  "ann",
  "ann@",
  "@example.com",
  "a b@example.com",
  "ann@exa mple.com",
  "ann@-x",
];

Deno.test("report users add refuses what is not an e-mail address", async () => {
  await inFolder("report", async (run, folder) => {
    for (const text of [...NO_ADDRESSES, "Ann <ann@example.com>"]) {
      const { code, err } = await runProgram("report", ["users", "add", text], { folder });
      equal(code, 2, text);
      match(err, /is not an e-mail address: give one, (?:such as|here ann@example\.com)/);
    }
    deepEqual(JSON.parse((await run("users list --json")).out), []);
    equal((await run("users add ann@host --org lab")).code, 0);
  });
});

Deno.test("report users add asks about an organisation whose name is near a known one", async () => {
  await inFolder("report", async (run, folder) => {
    match(
      (await run("users add a@example.com --org example")).out,
      /^User a@example\.com, who sees the events of example, a new organisation$/,
    );
    for (const name of ["exmaple", "Example", "exampl", "ex-ample"]) {
      const { code, err } = await run(`users add b@example.com --org ${name}`);
      equal(code, 1, name);
      match(err, /there is no such organisation\. Did you mean example\? If it is a new one, /);
    }
    equal((await run("orgs add exampl --user a@example.com")).code, 0);
    match((await run("users add b@example.com --org exampl")).out, /events of exampl$/);
    match((await run("users add b@example.com --org other")).out, /, a new organisation$/);
    const empty = ["users", "add", "b@example.com", "--org", " "];
    equal((await runProgram("report", empty, { folder })).code, 2);
    const { code, err } = await run(`users add b@example.com --org ${"0f".repeat(32)}`);
    equal(code, 2);
    match(err, /is a hash: give the organisation's name \(report orgs list\)/);
  });
});

Deno.test("report suggests the user or organisation that was meant", async () => {
  await inFolder("report", async (run) => {
    await run("users add ann@example.com --org lab");
    const asked = [
      "query count 192.0.2.1 --now --user anna@example.com",
      "users remove an@example.com",
      "orgs add more --user ann@exmaple.com",
    ];
    for (const args of asked) match((await run(args)).err, /Did you mean ann@example\.com\?/);
    match((await run("orgs remove lba")).err, /Did you mean lab\?/);
  });
});

Deno.test("report suggests the command that was meant", async () => {
  await inFolder("report", async (run) => {
    const misspelt = await run("quary count 192.0.2.1");
    deepEqual(
      [misspelt.code, misspelt.err],
      [2, 'error: there is no command "quary". Did you mean query?'],
    );
    const unknown = await run("-v --set archive.lease=5 frobnicate");
    equal(unknown.code, 2);
    match(unknown.err, /there is no command "frobnicate"\. The commands are run, query, /);
    equal((await run("help")).code, 0);
  });
});
