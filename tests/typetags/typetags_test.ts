import assert from "node:assert/strict";
import { normalForms } from "../normal_form.ts";
import { archived, collected } from "./archived.ts";
import { corrected, ruleFor } from "./our_rules.ts";
import { documentsOf, type Recorded, recordedCases } from "./recorded.ts";

for (const recorded of await recordedCases()) {
  Deno.test(`filters agree with vector ${recorded.id}`, () => agree(recorded));
}

/** Documents are as recorded, but for those of uploads that a rule of ours stands for. */
function agree(recorded: Recorded): void {
  const { uploads, now } = recorded;
  const ours = uploads.map((upload) => archived(upload, now));
  const same: number[] = [];
  for (const index of uploads.keys()) {
    const rule = ruleFor(recorded, index);
    if (rule === undefined) same.push(index);
    else rule(ours[index]!);
  }
  const right = corrected(recorded);
  const expected = documentsOf(right, same);
  if (same.length === uploads.length) assert.equal(expected.length, right.documents.length);
  const actual = collected(same.map((index) => ours[index]!));
  assert.deepEqual(normalForms([...actual.values()]), normalForms(expected));
}
