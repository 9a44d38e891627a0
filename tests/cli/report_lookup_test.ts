import { deepEqual, equal, match } from "../assert.ts";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { inFolder, type Run, runProgram } from "./in_folder.ts";

const LIST = "203.0.113.7\nhttp://example.com/a\nevil.example\n";

/** Runs a function with report in a folder whose archive holds the indicators of a list. */
function withList(work: (run: Run, folder: string) => Promise<void>): Promise<void> {
  return inFolder("report", async (run, folder) => {
    await run("users add a@example.com --org example");
    await Deno.writeTextFile(join(folder, "list.txt"), LIST);
    const args = "import list.txt --type ioc_list --org example".split(" ");
    equal((await runProgram("archive", args, { folder })).code, 0);
    await work(run, folder);
  });
}

Deno.test("report lookup answers values, files and standard input in one go", async () => {
  await withList(async (run, folder) => {
    const { code, out } = await run("lookup 203[.]0[.]113[.]7 HXXP://example.com/a 192.0.2.1");
    equal(code, 0);
    const [, ip, url, unseen] = out.split("\n");
    match(ip!, /^203\[\.\]0\[\.\]113\[\.\]7 +ipv4 203\.0\.113\.7 +1 +1 +0 +0 .* example$/);
    match(url!, /url http:\/\/example\.com\/a +1 /);
    match(unseen!, /^192\.0\.2\.1 +ipv4 +0 +0 +0 +0 +- +- +-$/);
    match(out, /\n3 values: 2 seen, 1 not seen\nRange: all time, up to now \(20/);

    await Deno.writeTextFile(join(folder, "other.csv"), "ip,note\n192.0.2.7,a\n203.0.113.7,b\n");
    const piped = await run("lookup - other.csv list.txt --json --rank", "evil[.]example");
    equal(piped.code, 0);
    const rows = piped.out.split("\n").map((line) => JSON.parse(line));
    deepEqual(rows.map(({ value, events, threatrank }) => [value, events, threatrank]), [
      ["evil[.]example", 1, -1],
      ["192.0.2.7", 0, undefined],
      ["203.0.113.7", 1, -1],
      ["http://example.com/a", 1, -1],
      ["evil.example", 1, -1],
    ]);
    deepEqual(rows[0]["organisations"], ["example"]);
    match(
      piped.err,
      /^info: Columns .* not read: note\n5 values: 4 seen, 1 not seen\n.*\nSkipped: 1 repeated value$/,
    );
  });
});

Deno.test("report lookup shows what it cannot read, and exits with 1", async () => {
  await withList(async (run) => {
    const { code, out, err } = await run(
      "lookup 999.1.1.1 203.0.113.7 hello missing/list.txt --csv",
    );
    equal(code, 1);
    const [head, wrong, right, unclear, missing] = out.split("\r\n");
    match(head!, /^value,sub_type,data,found,events,/);
    match(wrong!, /^999\.1\.1\.1,,,,,,.*four numbers from 0 to 255/);
    match(right!, /^203\.0\.113\.7,ipv4,203\.0\.113\.7,ipv4 203\.0\.113\.7,1,1,0,0,/);
    match(unclear!, /--sub-type, such as hostname/);
    match(missing!, /,"there is no such file; as a value, it does not show what kind it is: /);
    match(err, /4 values: 1 seen, 0 not seen, 3 cannot be read/);
    equal((await run("lookup hello --sub-type hostname")).code, 0);
    match((await run("lookup .")).out, /cannot be read: /);
  });
});

Deno.test("report lookup says what is wrong with a file, and which columns it did not read", async () => {
  await withList(async (run, folder) => {
    const write = (name: string, data: string | Uint8Array) =>
      Deno.writeFile(
        join(folder, name),
        typeof data === "string" ? new TextEncoder().encode(data) : data,
      );
    await write("a.bin", Uint8Array.of(1, 2, 3, 0xff, 0xfe));
    await write("a.zip", Uint8Array.of(0x50, 0x4b, 3, 4, 0xff));
    await write("cut.gz", gzipSync("192.0.2.1\n".repeat(99)).subarray(0, 20));
    await write("empty.txt", "\n");
    await write("prose.txt", "Nothing to see here, really.\n");
    const ended = await run("lookup a.bin a.zip cut.gz empty.txt prose.txt . --json");
    equal(ended.code, 1);
    const reasons = ended.out.split("\n").map((line) => JSON.parse(line).reason);
    const wanted = [
      /cannot be read: it is not UTF-8 text, and binary data cannot be looked up/,
      /cannot be read: it is a zip archive, not text/,
      /cannot be read: it is compressed with gzip but damaged or cut off/,
      /^is empty$/,
      /^holds no indicator$/,
      /^cannot be read: it is a directory; give the files in it$/,
    ];
    wanted.forEach((reason, index) => match(reasons[index], reason));

    await write("t.csv", "day,src_ip,dst_ip\nMon,203.0.113.7,192.0.2.1\nTue,192.0.2.2,192.0.2.3\n");
    const table = await run("lookup t.csv");
    equal(table.code, 0);
    match(table.err, /^info: Columns without indicators were not read: day$/);
    match(table.out, /\n4 values: 1 seen, 3 not seen\n/);
  });
});

Deno.test("report lookup takes an argument of several values, or a text, apart", async () => {
  await withList(async (_, folder) => {
    const args = ["lookup", "192.0.2.1 192.0.2.2", "see 203.0.113.7, please", "--json"];
    const { code, out } = await runProgram("report", args, { folder });
    equal(code, 0);
    deepEqual(
      out.split("\n").map((line) => JSON.parse(line).value),
      ["192.0.2.1", "192.0.2.2", "203.0.113.7"],
    );
  });
});

Deno.test("report lookup counts events of the range only, and those that the user may see", async () => {
  await withList(async (run) => {
    match((await run("lookup 203.0.113.7 --to 2020-01-01")).out, / ipv4 +0 +0 /);
    match((await run("lookup 203.0.113.7 --last 1d")).out, / ipv4 +1 +1 /);
    await run("users add b@example.com --org other");
    const { out } = await run("lookup 203.0.113.7 --user b@example.com --json --rank");
    const { events, organisations, found } = JSON.parse(out);
    deepEqual([events, organisations, found], [0, [], []]);
  });
});

const WRONG: [args: string, err: RegExp][] = [
  ["lookup", /missing required argument 'what'/],
  ["lookup 192.0.2.1 --last 0d", /last/],
  ["lookup 192.0.2.1 --from 2026-01-02 --to 2026-01-01", /from/],
  ["lookup 192.0.2.1 --tzname Mars/Olympus", /tzname is not an IANA time zone/],
  ["lookup 192.0.2.1 --csv --json", /'--csv' cannot be used with option '--json'/],
  ["lookup 192.0.2.1 --sub-type 9x", /--sub-type must be a name/],
];
Deno.test("report lookup refuses wrong arguments with exit code 2", async () => {
  await inFolder("report", async (run) => {
    for (const [args, wanted] of WRONG) {
      const { code, err } = await run(args);
      equal(code, 2, args);
      match(err, wanted);
    }
    await run("users add a@example.com --org example");
    const empty = await run("lookup -");
    equal(empty.code, 1);
    match(empty.err, /there is no indicator in the input/);
  });
});

Deno.test("report lookup takes a range for its networks, and names those around what was not seen", async () => {
  await withList(async (run, folder) => {
    await Deno.writeTextFile(join(folder, "nets.txt"), "198.51.100.0/24\n198.51.100.200\n");
    const args = "import nets.txt --type ioc_list --org example".split(" ");
    equal((await runProgram("archive", args, { folder })).code, 0);
    const { code, out } = await run(
      "lookup 198.51.100.0-198.51.100.255 198.51.100.7 198.51.100.200",
    );
    equal(code, 0);
    match(out, /^198\.51\.100\.0\/24 +ipv4_net +1 /m);
    match(
      out,
      /\n198\.51\.100\.7 was not seen, but events hold what contains it: ipv4_net 198\.51\.100\.0\/24 \(1 event\)$/,
    );
    const { out: json } = await run("lookup 198.51.100.0/26 198.51.100.0-198.51.100.4 --json");
    const rows = json.split("\n").map((line) => JSON.parse(line));
    deepEqual(rows.map(({ value, within }) => [value, within?.length]), [
      ["198.51.100.0/26", 1],
      ["198.51.100.0/30", 1],
      ["198.51.100.4", 1],
    ]);
    deepEqual(rows[0].within, [{ sub_type: "ipv4_net", data: "198.51.100.0/24", events: 1 }]);
    const odd = await run("lookup \\\\198.51.100.200\\share 198.51.100.200's --json");
    equal(JSON.parse(odd.out).value, "198.51.100.200");
    const csv = await run("lookup 198.0.0.0/9 198.51.100.200 --csv --to 2020-01-01");
    match(
      csv.out,
      /,outside,within,addresses,advice\r\n.*,,,,Events that hold only [^\r]*\r\n.*,1,,,$/,
    );
    match(
      csv.err,
      /1 value not seen, but held by events outside this range: 198\.51\.100\.200; ask with --from 20\S+Z --to 20\S+Z$/m,
    );
  });
});
