import { deepEqual, equal, fail } from "../../assert.ts";
import { join } from "node:path";
import { nowSeconds } from "../../../lib/clock.ts";
import { Follower } from "../../../lib/cli/archive/follower.ts";
import { watchFolder } from "../../../lib/cli/archive/watch_folder.ts";
import { sleep } from "../../../lib/sleep.ts";
import { until } from "../../e2e/until.ts";
import { MemoryPositions } from "./memory_positions.ts";

const never = new AbortController().signal;

/** A folder that is watched, and all that was imported of it. */
class Watched {
  readonly folder: string;
  readonly positions = new MemoryPositions();
  /** Lines and files in the order in which they were imported. */
  readonly imported: string[] = [];
  #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.folder = folder;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    Deno.writeTextFileSync(this.path(name), text, { append: true });
  }

  start(typetag?: string): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const name = (path: string) => path.slice(this.folder.length + 1);
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const follower = new Follower({
      positions: this.positions,
      source: "s",
      onFaulty: ({ reason }) => fail(reason),
      now: nowSeconds,
      signal,
      // deno-lint-ignore require-await -- the follower waits for it
      importLines: async ({ path, typetag, data }) => {
        this.imported.push(`${typetag} ${name(path)}: ${text(data)}`);
      },
    });
    this.#ended = watchFolder(this.folder, {
      follower,
      typetag,
      org: "my lab",
      signal,
      retry: (work) => work(),
      // deno-lint-ignore require-await -- the folder waits for it
      importWhole: async (path, typetag) => {
        this.imported.push(`${typetag} ${name(path)} whole`);
      },
      refuse: (path, { reason }) => this.imported.push(`${name(path)} refused: ${reason}`),
      looked: () => {},
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  /** Waits until something was imported, and a little longer, in case there is more. */
  async expect(...wanted: readonly string[]): Promise<void> {
    await until(() => Promise.resolve(this.imported.length >= wanted.length), 15_000, "Nothing")
      .catch(() => {});
    await sleep(1500, never);
    deepEqual(this.imported.splice(0), wanted);
  }
}

function test(name: string, work: (watched: Watched) => Promise<void>): void {
  Deno.test(`watchFolder ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    const watched = new Watched(folder);
    try {
      await work(watched);
    } finally {
      await watched.stop();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const LINE = '{"eventid": "cowrie.x"}\n';
const MAIL = "From: a@example.com\nTo: b@example.com\nSubject: x\nDate: y\n\nHello\n";

test("imports only the lines that were added to a file, also after a restart", async (watched) => {
  watched.write("cowrie.json", LINE);
  watched.start();
  await watched.expect(`cowrie cowrie.json: ${LINE}`);
  watched.write("cowrie.json", `${LINE}{"half`);
  await watched.expect(`cowrie cowrie.json: ${LINE}`);
  await watched.stop();
  watched.write("cowrie.json", ` line": 1}\n`);
  watched.start();
  await watched.expect('cowrie cowrie.json: {"half line": 1}\n');
});

test("finds each file's type, and imports what is not read by its lines as a whole", async (watched) => {
  watched.write("cowrie.json", LINE);
  watched.write("mail.eml", MAIL);
  watched.write("notes.txt", "call me tomorrow\n");
  watched.write("list.json", '["a.example"]');
  watched.write("empty.json", "");
  watched.write(".hidden", LINE);
  watched.start();
  const reason = "neither its name nor its content says what it is";
  await watched.expect(
    `cowrie cowrie.json: ${LINE}`,
    `list.json refused: ${reason}`,
    "email mail.eml whole",
    `notes.txt refused: ${reason}`,
  );
  watched.write("mail.eml", "More\n");
  await watched.expect("email mail.eml whole");
});

test("takes the files of a given type as they are: by lines, or as a whole", async (watched) => {
  watched.write("array.json", "[{},\n{}]\n");
  watched.write("object.json", '{"list":\n["a.example"]}\n');
  watched.write("text.txt", "a.example\n");
  watched.start("ioc_list");
  await watched.expect(
    "ioc_list text.txt: a.example\n",
    "ioc_list array.json whole",
    "ioc_list object.json whole",
  );
});

test("reads on a log that was renamed, and one that was copied and truncated", async (watched) => {
  watched.write("cowrie.json", LINE);
  watched.start();
  await watched.expect(`cowrie cowrie.json: ${LINE}`);
  watched.write("cowrie.json", LINE.replace("x", "y"));
  Deno.renameSync(watched.path("cowrie.json"), watched.path("cowrie.json.2020-03-19"));
  watched.write("cowrie.json", LINE.replace("x", "z"));
  await watched.expect(
    `cowrie cowrie.json.2020-03-19: ${LINE.replace("x", "y")}`,
    `cowrie cowrie.json: ${LINE.replace("x", "z")}`,
  );
  Deno.copyFileSync(watched.path("cowrie.json"), watched.path("cowrie.json.2020-03-20"));
  await watched.expect();
  Deno.truncateSync(watched.path("cowrie.json"));
  watched.write("cowrie.json", LINE);
  await watched.expect(`cowrie cowrie.json: ${LINE}`);
  watched.write("cowrie.json.2020-03-20", LINE.replace("x", "w"));
  await watched.expect(`cowrie cowrie.json.2020-03-20: ${LINE.replace("x", "w")}`);
});

test("reads a file that begins like another one, but goes on differently", async (watched) => {
  watched.write("a.json", LINE);
  watched.write("b.json", LINE + LINE.replace("x", "y"));
  watched.start();
  await watched.expect(`cowrie a.json: ${LINE}`, `cowrie b.json: ${LINE.replace("x", "y")}`);
});

test("reads only what was added to a file that was replaced by a longer copy", async (watched) => {
  watched.write("cowrie.json", LINE);
  watched.start();
  await watched.expect(`cowrie cowrie.json: ${LINE}`);
  watched.write(".cowrie.json.part", `${LINE}${LINE.replace("x", "y")}`);
  Deno.renameSync(watched.path(".cowrie.json.part"), watched.path("cowrie.json"));
  await watched.expect(`cowrie cowrie.json: ${LINE.replace("x", "y")}`);
});

test("takes a last line without an end when nothing is added, and again if it goes on", async (watched) => {
  watched.write("list.txt", "http://a.example/\nhttp://b.exam");
  watched.start();
  await watched.expect("ioc_list list.txt: http://a.example/\nhttp://b.exam");
  watched.write("list.txt", "ple/\nhttp://c.example/\n");
  await watched.expect("ioc_list list.txt: http://b.example/\nhttp://c.example/\n");
});

test("reads a list first when it is complete, and one that is always written all the same", async (watched) => {
  watched.start("ioc_list");
  const started = Date.now();
  while (watched.imported.length === 0 && Date.now() - started < 30_000) {
    watched.write("list.txt", "a.example\n");
    await sleep(200, never);
  }
  equal(watched.imported[0]?.startsWith("ioc_list list.txt: a.example\na.example\n"), true);
});

test("follows a symbolic link that arrives, and what is added to its target", async (watched) => {
  watched.start("cowrie");
  const target = await Deno.makeTempFile();
  await Deno.writeTextFile(target, LINE);
  await Deno.symlink(target, watched.path("cowrie.json"));
  await watched.expect(`cowrie cowrie.json: ${LINE}`);
  await Deno.writeTextFile(target, LINE, { append: true });
  await watched.expect(`cowrie cowrie.json: ${LINE}`);
  await Deno.remove(target);
});
