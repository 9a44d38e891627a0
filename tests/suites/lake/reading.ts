import assert from "node:assert/strict";
import { Rejected } from "../../../lib/errors.ts";
import { claim, MiB, readAll, succeed, type Test, upload } from "./fixtures.ts";

export function reading(test: Test): void {
  const sizes = [0, 1, 255 * 1024, 300_000, 9 * MiB];

  test(`read returns files of ${sizes.join(", ")} bytes`, async ({ lake }) => {
    const files = new Map(sizes.map((size) => [`n${size}`, pattern(size)]));
    await lake.submit([...files].map(([name, bytes]) => upload(name, { bytes })));
    const read = (await readAll(lake, await claim(lake))).flat();
    assert.equal(read.length, sizes.length);
    for (const { claim, file } of read) {
      assert.ok(file instanceof Uint8Array);
      assert.equal(file.constructor, Uint8Array);
      assert.ok(equal(file, files.get(claim.entry["name"] as string)));
    }
  });

  test("read makes groups of at most 8 MiB, or of one file", async ({ lake }) => {
    const lengths = [3, 3, 3, 9, 1, 8, 0, 2, 2].map((size) => size * MiB);
    await lake.submit(lengths.map((size, i) => upload(`n${i}`, { bytes: pattern(size) })));
    const claims = await claim(lake);
    const groups = await readAll(lake, claims);
    for (const group of groups) {
      const total = group.reduce((sum, { file }) => sum + (file as Uint8Array).length, 0);
      assert.ok(total <= 8 * MiB || group.length === 1, `${group.length} files, ${total} bytes`);
    }
    assert.ok(groups.length < claims.length);
    const ids = groups.flat().map((each) => each.claim.id);
    assert.deepEqual(ids.toSorted(), claims.map(({ id }) => id).toSorted());
  });

  test("read of nothing yields nothing", async ({ lake }) => {
    assert.deepEqual(await readAll(lake, []), []);
  });

  test("read gives TOO_LARGE in place of files over the limit only", async ({ lake }) => {
    await lake.submit([
      upload("over", { bytes: pattern(1001) }),
      upload("at", { bytes: pattern(1000) }),
      upload("far over", { bytes: pattern(2 * MiB) }),
    ]);
    const read = (await readAll(lake, await claim(lake), 1000)).flat();
    const found = read.map(({ claim, file }) => [
      claim.entry["name"],
      file instanceof Rejected ? file.code : file.length,
    ]);
    const wanted = [["at", 1000], ["far over", "TOO_LARGE"], ["over", "TOO_LARGE"]];
    assert.deepEqual(found.toSorted(), wanted);
  });

  test("read is not disturbed by what is submitted and settled meanwhile", async ({ lake }) => {
    await lake.submit([1, 2, 3].map((i) => upload(`n${i}`, { bytes: pattern(5 * MiB) })));
    const claims = await claim(lake);
    const seen = [];
    for await (const group of lake.read(claims, 64 * MiB)) {
      seen.push(...group);
      await lake.submit([upload("more")]);
      assert.deepEqual(await succeed(lake, group.map((each) => each.claim)), []);
    }
    assert.deepEqual(seen.map(({ file }) => (file as Uint8Array).length), Array(3).fill(5 * MiB));
  });
}

function pattern(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
}

/** assert.deepEqual takes seconds over megabytes. */
function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, i) => byte === b[i]);
}
