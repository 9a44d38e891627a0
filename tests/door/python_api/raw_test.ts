import { SURE_TEXT_BYTES } from "../../../lib/lake/parse.ts";
import { deepEqual, equal, match } from "../../assert.ts";
import type { Claim } from "../../../lib/lake/lake.ts";
import { Rejected } from "../../../lib/errors.ts";
import { type Door, doorTest, NOW, unseal } from "../open_door.ts";

const FORM = { name: "a log", typetag: "sighting", orgid: "lab" };
const TEXT = '{"ipv4": "192.0.2.1"}';

function form(fields: Record<string, string>, file: BlobPart | null = TEXT): FormData {
  const form = new FormData();
  if (file !== null) form.set("file", new Blob([file]), "x.json");
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

/** Makes a member who is an admin of the organisation `lab`. */
async function addAdmin(door: Door) {
  const admin = await door.addUser("admin@example.com");
  return { admin, lab: await door.addOrg("lab", [admin]) };
}

async function claimAll({ lake }: Door): Promise<Claim[]> {
  return await lake.claim({ owner: "w", limit: 99, lease: 60, now: NOW });
}

/** Claims the only upload, and opens it. */
async function openOnly(door: Door): Promise<string> {
  const claims = await claimAll(door);
  equal(claims.length, 1);
  const [group] = await Array.fromAsync(door.lake.read(claims, 2 ** 20));
  const { file } = group![0]!;
  if (file instanceof Rejected) throw file;
  return await unseal(file);
}

doorTest("raw puts the file into the lake, sealed", async (door) => {
  const { admin, lab } = await addAdmin(door);
  const { status, body } = await door.as(admin, "/raw", { method: "POST", body: form(FORM) });
  deepEqual([status, body], [201, { message: "File uploaded successfully!" }]);
  const claims = await claimAll(door);
  const { timestamp: _timestamp, processed: _processed, ...entry } = claims[0]!.entry;
  deepEqual({ ...entry }, {
    name: "a log",
    typetag: "sighting",
    orgid: lab._hash,
    timezone: "UTC",
  });
  const [group] = await Array.fromAsync(door.lake.read(claims, 2 ** 20));
  const { file } = group![0]!;
  if (file instanceof Rejected) throw file;
  equal(new TextDecoder().decode(file).includes("192.0.2.1"), false);
  equal(await unseal(file), TEXT);
});

doorTest("raw takes the organisation by its hash, and a time zone", async (door) => {
  const { admin, lab } = await addAdmin(door);
  const fields = { ...FORM, orgid: lab._hash, timezone: "US/Pacific" };
  const { status } = await door.as(admin, "/raw", { method: "POST", body: form(fields) });
  equal(status, 201);
  const [claim] = await claimAll(door);
  equal(claim!.entry["timezone"], "US/Pacific");
});

const REFUSED: readonly (readonly [string, FormData, number, string])[] = [
  ["a part of another name", form({ ...FORM, more: "x" }), 400, "Invalid input: more"],
  ["no file", form(FORM, null), 400, "Invalid or missing file!"],
  ["an empty file", form(FORM, ""), 400, "Invalid or missing file!"],
  ["a file of blanks", form(FORM, " \n"), 400, "Invalid or missing file! it is empty"],
  ["no name", form({ typetag: "t", orgid: "lab" }), 400, "Invalid input: KeyError('name') 'name'!"],
  [
    "no typetag",
    form({ name: "n", orgid: "lab" }),
    400,
    "Invalid input: KeyError('typetag') 'typetag'!",
  ],
  [
    "no organisation",
    form({ name: "n", typetag: "t" }),
    400,
    "Invalid input: KeyError('orgid') 'orgid'!",
  ],
  ["an unknown organisation", form({ ...FORM, orgid: "none" }), 400, "Invalid 'orgid'=none!"],
  [
    "another's organisation",
    form({ ...FORM, orgid: "other" }),
    401,
    "You are not an admin of this org!",
  ],
  ["an unknown zone", form({ ...FORM, timezone: "PST" }), 400, "time zone"],
  ["binary data", form(FORM, new Uint8Array([0, 255, 1])), 400, "binary data cannot be archived"],
  ["too large a file", form(FORM, "x".repeat(2 ** 20 + 1)), 413, "more than 1048576 bytes"],
];

for (const [what, body, status, message] of REFUSED) {
  doorTest(`raw refuses ${what}, and stores nothing`, async (door) => {
    const { admin } = await addAdmin(door);
    await door.addOrg("other", [await door.addUser("other@example.com")]);
    const answer = await door.as(admin, "/raw", { method: "POST", body });
    equal(answer.status, status);
    equal(answer.body.message.includes(message), true, answer.body.message);
    deepEqual(await claimAll(door), []);
  });
}

doorTest("raw refuses a user who is not an admin of the organisation", async (door) => {
  const { admin } = await addAdmin(door);
  const guest = await door.addUser("guest@example.com");
  await door.addOrg("both", [admin, guest], [admin]);
  const body = form({ ...FORM, orgid: "both" });
  const answer = await door.as(guest, "/raw", { method: "POST", body });
  deepEqual([answer.status, answer.body.message], [401, "You are not an admin of this org!"]);
});

/** A form whose file has text, whitespace, and text. */
function paddedForm(before: string, after: string): FormData {
  return form(FORM, before + " ".repeat(17 * 1024 ** 2) + after);
}

const LARGE = { maxBytes: 64 * 1024 ** 2 };

doorTest("raw takes JSON that only whitespace makes larger than a document", async (door) => {
  const { admin } = await addAdmin(door);
  const body = paddedForm('[{"a": "b  c"},', "1]");
  equal((await door.as(admin, "/raw", { method: "POST", body })).status, 201);
  equal(await openOnly(door), '[{"a":"b  c"},1]');
}, LARGE);

doorTest("raw takes such JSON behind a byte order mark", async (door) => {
  const { admin } = await addAdmin(door);
  const body = paddedForm('\ufeff[{"a": "b  c"},', "1]");
  equal((await door.as(admin, "/raw", { method: "POST", body })).status, 201);
  equal(await openOnly(door), '[{"a":"b  c"},1]');
}, LARGE);

doorTest(
  "raw refuses other text that is larger than a document, whatever it consists of",
  async (door) => {
    const { admin } = await addAdmin(door);
    const gzip = await new Response(
      new Blob(["x".repeat(40_000_000)]).stream().pipeThrough(new CompressionStream("gzip")),
    ).bytes();
    const texts = [paddedForm("a log:", "1]"), paddedForm("[1", "2]"), form(FORM, gzip)];
    // Behind a byte order mark; and text that would fit without the fields beside it.
    texts.push(paddedForm("\ufeff192.0.2.1  # note", "\n192.0.2.2"));
    texts.push(form(FORM, "x ".repeat(SURE_TEXT_BYTES / 2 + 1)));
    for (const body of texts) {
      const answer = await door.as(admin, "/raw", { method: "POST", body });
      equal(answer.status, 413);
      match(answer.body.message, /too large for one document of 16 MiB\. Split it/);
    }
    deepEqual(await claimAll(door), []);
  },
  LARGE,
);

doorTest("raw takes what is compressed once", async (door) => {
  const { admin } = await addAdmin(door);
  const gzip = async (data: string | Uint8Array<ArrayBuffer>) => {
    const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const once = await gzip("\ufeffa text");
  const send = (file: Uint8Array<ArrayBuffer>) =>
    door.as(admin, "/raw", { method: "POST", body: form(FORM, file) });
  equal((await send(once)).status, 201);
  equal(await openOnly(door), "a text");
  const twice = await send(await gzip(once));
  deepEqual([twice.status, twice.body.message], [
    400,
    "Invalid or missing file! it is compressed twice",
  ]);
  equal((await send(new Uint8Array([0x1f, 0x8b, 0x08, 1, 2]))).status, 400);
});

doorTest("raw refuses what is not a form", async (door) => {
  const { admin } = await addAdmin(door);
  for (const body of ["{}", new URLSearchParams({ name: "x" })]) {
    const answer = await door.as(admin, "/raw", { method: "POST", body });
    equal(answer.status, 400);
    equal(answer.body.message.includes("not a form"), true, answer.body.message);
  }
});

doorTest("raw says what is missing on a server without a public key", async (door) => {
  const { admin } = await addAdmin(door);
  const answer = await door.as(admin, "/raw", { method: "POST", body: form(FORM) });
  equal(answer.status, 503);
  equal(answer.body.message.includes("archive keygen"), true, answer.body.message);
}, { withoutKey: true });
