import { deepEqual, equal, ok, rejects } from "../assert.ts";
import fc from "fast-check";
import { type SplitOptions, splitUpload, type UploadPart } from "../../lib/lake/split_upload.ts";
import { parsePlaintext } from "../../lib/lake/parse.ts";

const OPTIONS = { typetag: "cowrie", maxBytes: 10_000, wholeBytes: 100, partBytes: 100 };

/** Splits a text that arrives in pieces of `pieceBytes`. */
async function parts(
  text: string,
  options: Partial<SplitOptions> = {},
  pieceBytes = 37,
): Promise<UploadPart[]> {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / pieceBytes) },
    (_, index) => bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  return await Array.fromAsync(
    splitUpload(ReadableStream.from(pieces), { ...OPTIONS, ...options }),
  );
}

async function texts(...given: Parameters<typeof parts>): Promise<string[]> {
  return (await parts(...given)).map(textOf);
}

function textOf({ data }: UploadPart): string {
  if (data instanceof Error) throw data;
  return new TextDecoder().decode(data);
}

const records = fc.array(
  fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue(), { minKeys: 1 }),
  {
    minLength: 1,
    maxLength: 40,
  },
);
const pieceBytes = fc.integer({ min: 1, max: 300 });

function isWithin(text: string, recordsInside: number): boolean {
  return recordsInside === 1 || new TextEncoder().encode(text).length <= OPTIONS.partBytes;
}

Deno.test("splitUpload loses, doubles and changes no line, however the bytes arrive", async () => {
  await fc.assert(fc.asyncProperty(records, pieceBytes, async (objects, size) => {
    const text = objects.map((object) => JSON.stringify(object)).join("\n");
    const found = await texts(text, {}, size);
    equal(found.join(""), text);
    for (const part of found) ok(isWithin(part, part.trimEnd().split("\n").length), part);
    deepEqual(found, await texts(text, {}, 1_000));
  }));
});

Deno.test("splitUpload makes arrays of an array, with all its members as they were written", async () => {
  await fc.assert(
    fc.asyncProperty(records, fc.nat(2), pieceBytes, async (objects, indent, size) => {
      const text = JSON.stringify(objects, null, indent);
      const found = await texts(text, {}, size);
      deepEqual(found.flatMap((part) => JSON.parse(part)), JSON.parse(text));
      for (const part of found) ok(isWithin(part, JSON.parse(part).length), part);
      deepEqual(found, await texts(text, {}, 1_000));
    }),
  );
});

Deno.test("splitUpload of a log that grew changes its last part only", async () => {
  await fc.assert(fc.asyncProperty(records, records, async (before, added) => {
    const log = (objects: readonly unknown[]) =>
      objects.map((object) => `${JSON.stringify(object)}\n`).join("");
    const first = await texts(log(before));
    const second = await texts(log([...before, ...added]));
    deepEqual(second.slice(0, first.length - 1), first.slice(0, -1));
  }));
});

const LINE = `{"eventid": "${"x".repeat(40)}"}\n`;
const WRAPPED = `{"list": [\n${'"a.example",\n'.repeat(20)}"b"]}`;
const WHOLE: [name: string, typetag: string, text: string][] = [
  ["what fits one part", "cowrie", LINE],
  ["one mail", "email", `From: a@example.com\n${"text\n\nFrom here on\n".repeat(20)}`],
  ["one JSON object over several lines", "cowrie", `{\n${'"a": 1,\n'.repeat(40)}"b": 2\n}`],
  ["a JSON object with a list, of a type that no filter reads", "my_sensor", WRAPPED],
  ["text of a type without lines", "my_sensor", "some words\n".repeat(20)],
];

for (const [name, typetag, text] of WHOLE) {
  Deno.test(`splitUpload leaves ${name} whole`, async () => {
    const found = await parts(text, { typetag });
    deepEqual(found.map(({ part }) => part), [undefined]);
    equal(textOf(found[0]!), text);
  });
}

const WRAPPERS: [name: string, typetag: string, open: string, close: string][] = [
  ["an indicator list", "ioc_list", '{"list": [', '], "type": "string", "name": "w"}'],
  ["any list of a feed", "ioc_list", '{"data": {"indicators": [', "]}}"],
  ["an answer of Elasticsearch", "cowrie", '{"took": 5, "hits": {"total": 9, "hits": [', "]}}"],
  ["the answers to several searches", "cowrie", '{"responses": [{"hits": {"hits": [', "]}}]}"],
  [
    "a pretty-printed object",
    "cowrie",
    '{\n "a": [{"sort": 1}],\n "hits": {\n  "hits": [\n',
    "]}}",
  ],
];

for (const [name, typetag, open, close] of WRAPPERS) {
  Deno.test(`splitUpload splits the list in ${name}, and repeats what is around it`, async () => {
    const members = Array.from({ length: 40 }, (_, n) => `{"_source": {"n": "],[${n}"}}`);
    const large = { typetag, wholeBytes: 400, partBytes: 400 };
    const found = await texts(open + members.join(",\n") + close, large);
    ok(found.length > 2, String(found.length));
    for (const part of found) {
      ok(part.startsWith(open) && part.endsWith(close) && part.length <= 400, part);
      JSON.parse(part);
    }
    const inside = found.map((part) => part.slice(open.length, part.length - close.length));
    deepEqual(
      inside.flatMap((list) => JSON.parse(`[${list}]`)),
      members.map((one) => JSON.parse(one)),
    );
    deepEqual(await texts(open + members.join(",\n") + close, large, 1_000), found);
  });
}

Deno.test("splitUpload puts each of several long lists into parts of its own", async () => {
  const list = (name: string) => Array.from({ length: 30 }, (_, n) => `${name}${n}.example`);
  const wrapper = { ip: list("a"), more: { url: list("b") }, short: ["c.example"], n: 1 };
  const found = await texts(JSON.stringify(wrapper), { typetag: "ioc_list", partBytes: 300 });
  const parts = found.map((part): typeof wrapper => JSON.parse(part));
  deepEqual(parts.flatMap(({ ip }) => ip), wrapper.ip);
  deepEqual(parts.flatMap(({ more }) => more.url), wrapper.more.url);
  for (const { ip, more, short, n } of parts) {
    deepEqual([ip.length === 0 || more.url.length === 0, short, n], [true, ["c.example"], 1]);
  }
});

Deno.test("splitUpload splits each of several large answers inside one object", async () => {
  const hits = (n: number) => Array.from({ length: 30 }, (_, at) => ({ eventid: `${n}.${at}` }));
  const responses = [1, 2, 3].map((n) => ({ hits: { hits: hits(n) } }));
  const found = await texts(JSON.stringify({ responses }), { partBytes: 300, wholeBytes: 300 });
  for (const part of found) ok(part.length <= 300, part);
  const parts = found.map((part): { responses: typeof responses } => JSON.parse(part));
  deepEqual(
    parts.flatMap(({ responses }) => responses.flatMap(({ hits }) => hits.hits)),
    [1, 2, 3].flatMap(hits),
  );
});

Deno.test("splitUpload splits what has few bytes and many records", async () => {
  const names = Array.from({ length: 30 }, (_, n) => `a${n}.io`);
  const options = { typetag: "ioc_list", wholeBytes: 10_000, wholeRecords: 20 };
  const forms = [names.join("\n"), JSON.stringify(names), JSON.stringify({ list: names })];
  for (const text of forms) {
    equal((await texts(text, { ...options, wholeRecords: 40 })).length, 1);
    ok((await texts(text, options)).length > 1, text);
    equal((await texts(text, { ...options, partBytes: 1_000 })).length, 1);
  }
});

Deno.test("splitUpload says what to do about an upload that is too large", async () => {
  const large = "x".repeat(20_000);
  await rejects(
    texts(`{"hits": {"hits": ["${large}"]}}`),
    /one JSON object of .* jq -rc '\.hits\.hits\[\]'/,
  );
  const list = `{"indicators": ["${large}"]}`;
  await rejects(texts(list, { typetag: "ioc_list" }), /jq -rc '\.indicators\[\]'/);
  const ofRecord = /^Error: it has 20002 bytes, with what it refers to, and a record at most 9000$/;
  await rejects(texts(`{"objects": ["${large}"]}`, { typetag: "stix" }), ofRecord);
  await rejects(texts(`{"response": ["${large}"]}`, { typetag: "misp" }), ofRecord);
});

Deno.test("splitUpload numbers the parts from 1", async () => {
  deepEqual((await parts(LINE.repeat(5))).map(({ part }) => part), [1, 2, 3, 4, 5]);
});

Deno.test("splitUpload splits a log that begins in the middle of a line", async () => {
  const text = `xxx"}\n${LINE.repeat(3)}`;
  deepEqual(await texts(text), [`xxx"}\n${LINE}`, LINE, LINE]);
});

Deno.test("splitUpload splits before the messages of an mbox, and nowhere else", async () => {
  const mail = (n: number, eol: string) =>
    ["From a@example.com Thu Jan  1 00:00:00 2026", `Subject: ${n}`, "", "Hello", "", ""].join(eol);
  for (const eol of ["\n", "\r\n"]) {
    const mails = [1, 2, 3, 4, 5].map((n) => mail(n, eol));
    deepEqual(await texts(mails.join(""), { typetag: "email" }), mails);
  }
  const inner = `${mail(1, "\n")}From here on it is text\n\nFrom 10:00 on\n${"x\n".repeat(60)}\n`;
  deepEqual(await texts(inner + mail(2, "\n"), { typetag: "email" }), [inner, mail(2, "\n")]);
});

Deno.test("splitUpload leaves a message whole in which a line looks like a new one", async () => {
  const message = (number: number) =>
    `From a@b.example Thu Jan  1 00:00:0${number} 2026\nFrom: a@b.example\nSubject: ${number}\n\n` +
    "From 10:30 to 11:45 on 5 January 2026 we saw it.\n\n".repeat(20);
  const mbox = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(message);
  deepEqual(await texts(mbox.join(""), { typetag: "email" }), mbox);
});

Deno.test("splitUpload repeats the header of a table below a title or half a row", async () => {
  const rows = Array.from({ length: 9 }, (_, n) => `${n},http://${n}.example.com/a/b/c\n`).join("");
  for (const before of ["My list, in short\n", "b/c\n", "example.com/a/b/c\n# a comment\n"]) {
    const [first, ...others] = await texts(`${before}id,url\n${rows}`, { typetag: "ioc_list" });
    ok(others.length > 1 && first!.startsWith(before), first);
    for (const part of others) ok(part.startsWith("id,url\n"), part);
  }
});

Deno.test("splitUpload splits a log of Cowrie behind what syslog puts before its records", async () => {
  const lines = Array.from({ length: 20 }, (_, n) => `Jul  1 08:00:02 pot cowrie: {"n": ${n}}\n`);
  for (const start of ["", "Jul  1 08:00:01 pot cowrie: starting\n"]) {
    const text = start + lines.join("");
    const found = await texts(text);
    ok(found.length > 5, String(found.length));
    equal(found.join(""), text);
  }
});

Deno.test("splitUpload repeats the header of a table, and of nothing else", async () => {
  const rows = Array.from({ length: 9 }, (_, n) => `${n},http://${n}.example.com/a/b/c\n`);
  const header = 'phish_id,"url"\n';
  const found = await texts(`# a feed\n${header}${rows.join("")}`, { typetag: "phishtank_feed" });
  ok(found.length > 2, String(found.length));
  for (const [index, part] of found.entries()) {
    ok(part.startsWith(index === 0 ? `# a feed\n${header}` : header), part);
    ok(part.length <= OPTIONS.partBytes, part);
  }
  equal(found.join("").replaceAll(header, ""), `# a feed\n${rows.join("")}`);
  const commented = `# terms\n# id,url\n${rows.join("")}`;
  const [, second] = await texts(commented, { typetag: "ioc_list" });
  ok(second?.startsWith("# id,url\n"));
  for (
    const plain of [rows.join(""), "a.example.com\n".repeat(30), "bad word, worse\n1\n".repeat(9)]
  ) {
    const lines = await texts(plain, { typetag: "ioc_list" });
    if (!plain.startsWith("bad")) equal(lines.join(""), plain);
  }
});

Deno.test("splitUpload gives a record that is larger than a part one of its own", async () => {
  const large = `{"a": "${"y".repeat(500)}"}\n`;
  deepEqual(await texts(LINE + large + LINE), [LINE, large, LINE]);
  const array = `[${LINE.trim()}, {"a": [1, "],["]}, ${large}, 5]`;
  deepEqual((await texts(array)).map((part) => JSON.parse(part).length), [2, 1, 1]);
});

Deno.test("splitUpload refuses a record that is larger than the limit", async () => {
  const endless = LINE.repeat(3) + "z".repeat(20_000);
  await rejects(texts(endless), /one of its records has more than 10000 bytes/);
  await rejects(texts("z".repeat(20_000)), /more than 10000 bytes, and cannot be split/);
});

Deno.test("parsePlaintext keeps parts of 8 MiB whatever their characters are", () => {
  for (const text of ["\u6f22\n", '""\n', "\u0001\n", "\\\n"]) {
    const bytes = new TextEncoder().encode(text).length;
    const raw = parsePlaintext(text.repeat(Math.floor(8 * 1024 ** 2 / bytes)), {
      typetag: "cowrie",
      orgid: "o",
      timezone: "UTC",
    });
    equal(raw._hash.length, 64);
  }
});
