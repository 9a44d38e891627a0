import { deepEqual, match, ok } from "../../assert.ts";
import { join } from "node:path";
import { findInputs, type InputOptions, readInputs } from "../../../lib/cli/archive/inputs.ts";

/** Runs a function in a temporary folder that contains the files. */
async function within(
  files: Record<string, string>,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, name), text);
    }
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PATTERNS: [name: string, args: string[], found: string[]][] = [
  ["plain names as they are", ["b.json", "a.json"], ["b.json", "a.json"]],
  ["the matches of a pattern, sorted", ["*.json"], ["[x].json", "a.json", "b.json"]],
  ["matches in folders", ["**/c.json"], ["in/c.json"]],
  ["each file once", ["b.json", "?.json", "./in/../b.json"], ["b.json", "a.json"]],
  ["a file whose name looks like a pattern", ["[x].json"], ["[x].json"]],
  ["the files of a folder, but hidden ones", ["logs"], [
    "logs/2020/cowrie.json.2020-03-20",
    "logs/cowrie.json",
    "logs/cowrie.json.2020-03-19",
  ]],
  ["an empty folder, which is refused later", ["empty"], ["empty"]],
  ["arguments that match nothing, which are refused later", ["no.json", "*.xml"], [
    "no.json",
    "*.xml",
  ]],
];

for (const [name, args, found] of PATTERNS) {
  Deno.test(`findInputs lists ${name}`, async () => {
    const files = {
      "a.json": "",
      "b.json": "",
      "[x].json": "",
      "in/c.json": "",
      "empty/.hidden": "",
      "logs/cowrie.json": "",
      "logs/cowrie.json.2020-03-19": "",
      "logs/.cowrie.json.swp": "",
      "logs/.git/config": "",
      "logs/2020/cowrie.json.2020-03-20": "",
    };
    await within(files, async (folder) => {
      const prefix = `${folder}/`;
      const paths = await findInputs(args.map((arg) => prefix + arg));
      deepEqual(paths.map((path) => path.slice(prefix.length)), found);
    });
  });
}

Deno.test("findInputs lists a folder that cannot be read, to be refused alone", async () => {
  const readDir = Deno.readDir;
  const open = Deno.open;
  const forbid = (path: unknown) => {
    if (String(path).endsWith("closed")) throw new Deno.errors.PermissionDenied();
  };
  try {
    // Root may read every folder, so the system's answer to others is given here.
    Deno.readDir = (path) => (forbid(path), readDir(path));
    Deno.open = (...args) => (forbid(args[0]), open(...args));
    await within({ "logs/a.json": "a", "logs/closed/b.json": "", "logs/z/c.json": "c" }, async (
      folder,
    ) => {
      const paths = await findInputs([join(folder, "logs")]);
      deepEqual(
        paths.map((path) => path.slice(folder.length)),
        ["/logs/a.json", "/logs/closed", "/logs/z/c.json"],
      );
      const options = { lines: false, name: undefined, maxBytes: 100, typetag: "email" };
      const read = await Array.fromAsync(readInputs(paths, options));
      deepEqual(
        read.map(({ data }) => data instanceof Error ? data.message : data.length),
        [1, "its owner or mode forbids it", 1],
      );
      deepEqual(await findInputs([join(folder, "logs/closed")]), [join(folder, "logs/closed")]);
    });
  } finally {
    Deno.readDir = readDir;
    Deno.open = open;
  }
});

Deno.test("findInputs keeps a pattern whose folder cannot be searched", async () => {
  const lstat = Deno.lstat;
  try {
    Deno.lstat = () => Promise.reject(new Deno.errors.PermissionDenied());
    deepEqual(await findInputs(["/closed/*.json"]), ["/closed/*.json"]);
  } finally {
    Deno.lstat = lstat;
  }
});

Deno.test("findInputs lists standard input once", async () => {
  deepEqual(await findInputs(["-", "-"]), ["-"]);
});

async function read(
  files: Record<string, string>,
  names: readonly string[],
  options: Partial<InputOptions> = {},
): Promise<[name: string, text: string][]> {
  const found: [string, string][] = [];
  await within(files, async (folder) => {
    const paths = names.map((name) => join(folder, name));
    const all = { lines: false, name: undefined, maxBytes: 100, typetag: "x", ...options };
    for await (const { name, data } of readInputs(paths, all)) {
      const text = data instanceof Error
        ? `! ${data.message}`
        : new TextDecoder("latin1").decode(data);
      found.push([name.replace(folder, "$"), text]);
    }
  });
  return found;
}

Deno.test("readInputs yields whole files, named without their folders", async () => {
  deepEqual(await read({ "in/a.json": "a\nb\n" }, ["in/a.json"]), [["a.json", "a\nb\n"]]);
  deepEqual(await read({ a: "x" }, ["a"], { name: "feed" }), [["feed", "x"]]);
});

Deno.test("readInputs says why it cannot read a file, and continues", async () => {
  const files = { "in/a": "", large: "x".repeat(101), fits: "x".repeat(100) };
  deepEqual(await read(files, ["gone", "large", "fits"]), [
    ["$/gone", "! there is no such file"],
    ["$/large", "! it has more than 100 bytes, and cannot be split between records"],
    ["fits", "x".repeat(100)],
  ]);
  const [[, text] = ["", ""]] = await read(files, ["in"]);
  match(text, /^! the folder has no files but hidden ones/);
});

Deno.test("readInputs yields lines that are not blank, with their numbers", async () => {
  const files = { l: "\xef\xbb\xbf{}\r\n\n \t\r\n[]" };
  await within({}, async (folder) => {
    await Deno.writeFile(join(folder, "l"), Uint8Array.from(files.l, (c) => c.charCodeAt(0)));
    const found = [];
    const options = { lines: true, name: undefined, maxBytes: 100, typetag: "x" };
    for await (const { name, data } of readInputs([join(folder, "l")], options)) {
      ok(!(data instanceof Error));
      found.push([name, new TextDecoder().decode(data)]);
    }
    deepEqual(found, [["l:1", "{}"], ["l:4", "[]"]]);
  });
});

Deno.test("readInputs refuses a line that is too long, and continues", async () => {
  const lines = await read({ l: `a\n${"x".repeat(101)}\nb` }, ["l"], { lines: true });
  deepEqual(lines, [
    ["l:1", "a"],
    ["l:2", "! it has more than 100 bytes"],
    ["l:3", "b"],
  ]);
});

Deno.test("readInputs splits large files, and numbers the parts", async () => {
  const line = `{"eventid": "${"x".repeat(40)}"}\n`;
  const options = { typetag: "cowrie" };
  deepEqual(await read({ a: line.repeat(3), b: line }, ["a", "b"], options), [
    ["a#1", line],
    ["a#2", line],
    ["a#3", line],
    ["b", line],
  ]);
});
