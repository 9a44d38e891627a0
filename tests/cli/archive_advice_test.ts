import { deepEqual, equal, match } from "../assert.ts";
import { join } from "node:path";
import { inFolder, runProgram } from "./in_folder.ts";

const ORGID = "0f".repeat(32);
const ALIASES = "--set archive.aliases=test_json=cowrie";

/** Commands that get advice: arguments, exit code, and what standard error says. */
const COMMANDS: readonly (readonly [args: string, code: number, error: RegExp])[] = [
  ["imprt a", 2, /unknown command 'imprt'\n\(Did you mean import\?\)$/],
  [`import a.json --type cowire --org ${ORGID}`, 2, /is not supported\. Did you mean cowrie\?$/],
  [
    `submit a.json --type IOC-List --org ${ORGID}`,
    2,
    /is not supported\. Did you mean ioc_list\?$/,
  ],
  [`submit a.json --type openphish --org ${ORGID}`, 2, /Did you mean openphish_feed\?$/],
  [`${ALIASES} import a.json --type testjson --org ${ORGID}`, 2, /Did you mean test_json\?$/],
  [
    "import a.json --type cowrie --org exmaple",
    2,
    /Did you mean example\? To add it: report orgs add exmaple/,
  ],
  [`import a.json --type a-b --org ${ORGID} --set archive.typetags=*`, 2, /"a-b" is not a name/],
  [`submit a.json --type a-b --org ${ORGID} --set archive.typetags=*`, 2, /"a-b" is not a name/],
  ["reparse cowire", 2, /no filter reads cowire\. Did you mean cowrie\?$/],
  ["forget --type cowire --dry-run", 1, /does not know the type cowire\. Did you mean cowrie\?$/],
  ["forget --type cowire --yes", 1, /does not know the type cowire\. Did you mean cowrie\?$/],
  ["forget --org exmaple --dry-run", 1, /no organisation exmaple\. .* Did you mean example\?$/],
  [`forget --org ${ORGID} --dry-run`, 0, /^$/],
  ["forget --type cowrie --org example --dry-run", 0, /^$/],
  ["purge --older-than 1d --type cowire --dry-run", 1, /Did you mean cowrie\?$/],
  ["purge --older-than 1d --org exmaple --yes", 1, /Did you mean example\?$/],
  ["quarantine list --type cowire", 1, /Did you mean cowrie\?$/],
  ["quarantine replay --type cowire", 1, /Did you mean cowrie\?$/],
  ["backup none/copy.db", 1, /Cannot back up to \S+copy\.db: there is no folder \S+none\. Make it/],
  ["--config none.json status", 78, /none\.json: there is no such file or folder\. Check --config/],
  ["--config . status", 78, /^error: Cannot read config file \S+: it is a folder$/],
  [
    `import --watch none --type cowrie --org ${ORGID}`,
    2,
    /Cannot watch none: there is no such folder/,
  ],
  [
    `import --follow none/a --type cowrie --org ${ORGID}`,
    2,
    /none: there is no such folder\. Check/,
  ],
  ["keygen --set archive.private_key=a.json/priv.pem", 1, /a part of its path is a file, not a/],
];

Deno.test("archive says what is wrong in plain words, and what was meant", async () => {
  await inFolder("archive", async (run, folder) => {
    await runProgram("report", "users add a@example.com --org example".split(" "), { folder });
    await Deno.writeTextFile(join(folder, "a.json"), "{}");
    for (const [args, expected, error] of COMMANDS) {
      const { code, err } = await run(args);
      equal(code, expected, `${args}: ${err}`);
      match(err, error, args);
      equal(err.includes("os error"), false, err);
    }
  });
});

Deno.test("archive.aliases hold for import, reparse, forget, purge and quarantine", async () => {
  await inFolder("archive", async (run, folder) => {
    const text = '{"eventid":"cowrie.login.failed","username":"a","password":"b","session":"s",' +
      '"src_ip":"203.0.113.66","sensor":"x","timestamp":"2026-03-14T03:00:02.5Z"}';
    await Deno.writeTextFile(join(folder, "a.json"), text);
    await Deno.writeTextFile(join(folder, "bad.json"), "{}");
    await run("keygen");
    const as = `--type test_json --org ${ORGID} ${ALIASES}`;
    equal((await run(`import a.json ${as}`)).code, 0);
    equal((await run(`submit bad.json ${as}`)).code, 0);
    equal((await run(`run --once ${ALIASES}`)).code, 0);
    match((await run(`reparse test_json --dry-run ${ALIASES}`)).out, /^2 Raws: .* 1 stay$/m);
    const listed = JSON.parse((await run(`--json quarantine list --type cowrie ${ALIASES}`)).out);
    deepEqual(listed.map(({ name }: { name: string }) => name), ["bad.json"]);
    match((await run(`forget --type cowrie --dry-run ${ALIASES}`)).out, /1 entry of the lake\n/);
    match((await run(`forget --type test_json --yes ${ALIASES}`)).out, /1 entry of the lake$/m);
  });
});
