import { deepEqual, equal, throws } from "../../assert.ts";
import type { Event, Session } from "../../../lib/tahoe/instance.ts";
import { parseJson, writeJson } from "../../../lib/tahoe/json.ts";
import type { Fields, Value } from "../../../lib/tahoe/value.ts";
import { COWRIE_FILTER } from "../../../lib/typetags/cowrie.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };
const SHA256 = "ab".repeat(32);
const SHARED = {
  timestamp: "2026-07-01T08:00:05.250000Z",
  session: "aa01bb02cc03",
  sensor: "pot-a",
  src_ip: "192.0.2.66",
  protocol: "ssh",
};

function read(records: readonly Fields[]) {
  return COWRIE_FILTER.read(parseJson(writeJson(records)), SOURCE);
}

function eventOf(eventid: string, fields: Fields): Event {
  return read([{ ...SHARED, eventid: `cowrie.${eventid}`, ...fields }]).events[0]!;
}

/** The data of the one event of a record, without its attacker. */
function dataOf(eventid: string, fields: Fields): unknown {
  const { attacker, ...data } = eventOf(eventid, fields).data;
  equal(attacker?.length, 1);
  return JSON.parse(writeJson(data as Value));
}

function sessionOf(fields: Fields): Session {
  const { instances } = read([{ ...SHARED, ...fields }]);
  return instances.find(({ itype }) => itype === "session") as Session;
}

Deno.test("cowrie reads the duration of a session in seconds, in milliseconds, or not at all", () => {
  const cases: readonly (readonly [Fields, Value | undefined])[] = [
    [{ duration_ms: 5250n }, 5.25],
    [{ duration_ms: 5250.5 }, 5.2505],
    [{ duration_ms: "5250" }, 5.25],
    [{ duration_ms: 0n }, 0],
    [{ duration: "9.0", duration_ms: 1n }, "9.0"],
    [{ duration: 9.5 }, 9.5],
    [{ duration: null, duration_ms: 5250n }, 5.25],
    [{ duration: " ", duration_ms: "5250" }, 5.25],
    [{ duration: "" }, undefined],
    [{ duration: null }, null],
    [{ duration_ms: null }, undefined],
    [{ duration_ms: "soon" }, undefined],
    [{}, undefined],
  ];
  for (const [fields, duration] of cases) {
    const session = sessionOf({ eventid: "cowrie.session.closed", ...fields });
    equal(session.duration, duration);
    equal(session.end_time, 1782892805.25);
  }
});

Deno.test("cowrie takes blank strings in optional fields as missing", () => {
  const outfile = "var/dl/x.bin";
  const file = (fields: Fields) => [fields];
  const cases: readonly (readonly [string, Fields, unknown])[] = [
    ["session.file_download", { url: "  ", outfile, shasum: SHA256 }, {
      file: file({ filename: ["x.bin"], sha256: [SHA256] }),
      success: [true],
    }],
    ["session.file_download", { url: "\n", destfile: " ", outfile, shasum: " " }, {
      file: file({ filename: ["x.bin"] }),
      success: [true],
    }],
    ["session.file_upload", { filename: "", shasum: SHA256, message: "SFTP x", outfile: " " }, {
      file: file({ sha256: [SHA256] }),
      method: ["SFTP"],
    }],
    ["direct-tcpip.request", { dst_ip: " ", dst_port: 25n }, {
      dst: [{ port: [25] }],
      protocol: ["TCP"],
    }],
    ["login.success", { username: "root", fingerprint: "" }, {
      credential: [{ username: ["root"] }],
      success: [true],
      method: ["ssh"],
    }],
    ["login.failed", { username: "root", password: "" }, {
      credential: [{ username: ["root"], password: [""] }],
      success: [false],
      method: ["ssh"],
    }],
  ];
  for (const [eventid, fields, data] of cases) deepEqual(dataOf(eventid, fields), data, eventid);
});

Deno.test("cowrie reads captures of redirected output and standard input, which have no url", () => {
  const file = (filename: string) => [{ filename: [filename], sha256: [SHA256] }];
  const outfile = `var/lib/cowrie/downloads/${SHA256}`;
  const cases: readonly (readonly [Fields, unknown])[] = [
    [{ destfile: "/tmp/.x", outfile }, file(".x")],
    [{ destfile: "", outfile }, file(SHA256)],
    [{ destfile: "/tmp/", outfile: "dl/y" }, file("y")],
    [{ url: null, destfile: "x" }, file("x")],
    [{}, [{ sha256: [SHA256] }]],
  ];
  for (const [fields, expected] of cases) {
    deepEqual(dataOf("session.file_download", { shasum: SHA256, ...fields }), {
      file: expected,
      success: [true],
    });
  }
  const { _mal_ref, data } = eventOf("session.file_download", { shasum: SHA256 });
  equal(_mal_ref.length, 4, writeJson(data as Value));
});

Deno.test("cowrie reads downloads without a checksum, and failed ones without a url", () => {
  deepEqual(dataOf("session.file_download", { url: "http://a.example/b" }), {
    url: ["http://a.example/b"],
    file: [{ filename: ["b"] }],
    success: [true],
  });
  deepEqual(dataOf("session.file_download", { destfile: "/tmp/b" }), {
    file: [{ filename: ["b"] }],
    success: [true],
  });
  deepEqual(dataOf("session.file_download.failed", { destfile: "/tmp/b" }), {
    file: [{ filename: ["b"] }],
    success: [false],
  });
});

Deno.test("cowrie reads logins by key, by neither key nor password, and by password", () => {
  const fingerprint = "99:7c:2c";
  const cases: readonly (readonly [Fields, Fields])[] = [
    [{ username: "root", fingerprint, key: "ssh-ed25519 AAAA", type: "ssh-ed25519" }, {
      credential: [{ username: ["root"] }],
      ssh_fingerprint: [fingerprint],
    }],
    [{ fingerprint }, { ssh_fingerprint: [fingerprint] }],
    [{ username: "root" }, { credential: [{ username: ["root"] }] }],
    [{ password: "x" }, { credential: [{ password: ["x"] }] }],
    [{ username: "root", password: "", fingerprint }, {
      credential: [{ username: ["root"], password: [""] }],
    }],
  ];
  for (const [fields, expected] of cases) {
    for (const success of [true, false]) {
      const eventid = `login.${success ? "success" : "failed"}`;
      const rest = { success: [success], method: ["ssh"] };
      deepEqual(dataOf(eventid, fields), { ...expected, ...rest } as unknown);
    }
  }
  throws(() => eventOf("login.failed", {}), { message: "username is missing" });
});

Deno.test("cowrie gives a key that was offered no context", () => {
  const event = eventOf("login.failed", { username: "root", fingerprint: "99:7c" });
  equal(event.category, "malicious");
  // Address, attacker and credential.
  equal(event._mal_ref.length, 3);
});

Deno.test("cowrie reads uploads whatever their message is", () => {
  const file = [{ filename: ["x.sh"], sha256: [SHA256] }];
  const named = { filename: "x.sh", shasum: SHA256, outfile: "dl/x" };
  for (const message of ['SCP Uploaded file "x.sh"', [], null, {}, 5n]) {
    deepEqual(dataOf("session.file_upload", { ...named, message }), { file });
  }
  deepEqual(dataOf("session.file_upload", named), { file });
  deepEqual(dataOf("session.file_upload", { shasum: SHA256 }), { file: [{ sha256: [SHA256] }] });
  const message = "SFTP Uploaded file";
  deepEqual(dataOf("session.file_upload", { ...named, message }), {
    file,
    method: ["SFTP"],
    output_file_path: ["dl/x"],
  });
  const { filename, shasum } = named;
  deepEqual(dataOf("session.file_upload", { filename, shasum, message }), {
    file,
    method: ["SFTP"],
  });
});

Deno.test("cowrie reads forwards without a port or data", () => {
  const protocol = ["TCP"];
  const dst_ip = "198.51.100.9";
  deepEqual(dataOf("direct-tcpip.request", { dst_ip }), { dst: [{ url: [dst_ip] }], protocol });
  deepEqual(dataOf("direct-tcpip.data", { dst_ip, dst_port: 80n }), {
    dst: [{ url: [dst_ip], port: [80] }],
    protocol,
  });
});

Deno.test("cowrie counts Kippo's records, and those that belong to no session", () => {
  const { sensor: _, session: __, ...operational } = SHARED;
  const { skipped, rejected, refs } = read([
    { ...SHARED, eventid: "KIPP0001" },
    { ...SHARED, eventid: "KIPP0001" },
    { ...SHARED, eventid: "KIPP00011" },
    { ...operational, eventid: "cowrie.abuseipdb.started" },
  ]);
  deepEqual(skipped, {
    "event of KIPP0001": 2,
    "event of an unknown eventid": 1,
    "event of cowrie.abuseipdb.started": 1,
  });
  deepEqual([rejected.length, refs.length], [0, 1]);
});

/** What Cowrie writes of each event, and which of it a record must have. */
const EVENTS: Readonly<Record<string, { readonly fields: Fields; readonly needs: string[] }>> = {
  "login.success": { fields: { username: "root", password: "x" }, needs: [] },
  "login.failed": { fields: { username: "root", fingerprint: "99:7c", key: "k" }, needs: [] },
  "command.input": { fields: { input: "ls" }, needs: ["input"] },
  "command.success": { fields: { input: "ls" }, needs: ["input"] },
  "command.failed": { fields: { input: "ls" }, needs: ["input"] },
  "direct-tcpip.request": { fields: { dst_ip: "198.51.100.1", dst_port: 80n }, needs: [] },
  "direct-tcpip.data": { fields: { dst_ip: "198.51.100.1", dst_port: 80n, data: "d" }, needs: [] },
  "session.file_download": {
    fields: { url: "http://a.example/b", outfile: "dl/x", shasum: SHA256, destfile: "/tmp/b" },
    needs: [],
  },
  "session.file_download.failed": { fields: { url: "http://a.example/b" }, needs: ["url"] },
  "session.file_upload": {
    fields: { filename: "x", outfile: "dl/x", shasum: SHA256, destfile: "/tmp/x" },
    needs: ["shasum"],
  },
  "session.connect": { fields: { dst_ip: "198.51.100.7", dst_port: 22n }, needs: [] },
  "session.closed": { fields: { duration: "5.2", duration_ms: 5200n }, needs: [] },
  "client.version": { fields: { version: "SSH-2.0-x" }, needs: [] },
  "client.kex": { fields: { hassh: "x", kexAlgs: ["a"] }, needs: [] },
  "client.size": { fields: { width: 80n, height: 24n }, needs: [] },
  "client.var": { fields: { name: "LANG", value: "C" }, needs: [] },
  "client.fingerprint": { fields: { username: "root", fingerprint: "99:7c" }, needs: [] },
  "log.open": { fields: { ttylog: "x" }, needs: [] },
  "log.closed": { fields: { ttylog: "x", size: 1n, duration: "1" }, needs: [] },
};

const LEFT_OUT: readonly (readonly [string, Value | undefined])[] = [
  ["missing", undefined],
  ["null", null],
  ["an empty list", []],
  ["an object", {}],
];

for (const [eventid, { fields, needs }] of Object.entries(EVENTS)) {
  Deno.test(`cowrie reads ${eventid} whichever of its optional fields has no value`, () => {
    const all: Fields = { ...SHARED, message: "m", uuid: "u", src_port: 5n, ...fields };
    const expected = read([{ ...all, eventid: `cowrie.${eventid}` }]).events.length;
    const required = ["timestamp", "session", "sensor", "src_ip", ...needs];
    const optional = Object.keys(all).filter((name) => !required.includes(name));
    for (const name of optional) {
      for (const [how, value] of LEFT_OUT) {
        const { [name]: _, ...rest } = all;
        const record = { ...rest, ...(value !== undefined && { [name]: value }) };
        const { events, rejected } = read([{ ...record, eventid: `cowrie.${eventid}` }]);
        deepEqual([rejected, events.length], [[], expected], `${name} is ${how}`);
      }
    }
  });
}
