import { deepEqual, equal } from "../assert.ts";
import { FILTERS, READ_FORMATS } from "../../lib/typetags/typetags.ts";
import { normalForms } from "../normal_form.ts";
import { archiveUpload, collectDocuments } from "./archive_upload.ts";
import { correctCase, ruleFor } from "./our_rules.ts";
import { documentsOf, type RecordedCase, recordedCases } from "./recorded_cases.ts";

for (const recorded of await recordedCases()) {
  Deno.test(`FILTERS agree with vector ${recorded.id}`, () => checkCase(recorded));
}

/** Checks that documents are as recorded, except for uploads that have a rule of ours. */
function checkCase(recorded: RecordedCase): void {
  const { uploads, now } = recorded;
  const ours = uploads.map((upload) => archiveUpload(upload, now));
  const same: number[] = [];
  for (const index of uploads.keys()) {
    const rule = ruleFor(recorded, index);
    if (rule === undefined) same.push(index);
    else rule(ours[index]!);
  }
  const corrected = correctCase(recorded);
  const expected = documentsOf(corrected, same);
  if (same.length === uploads.length) equal(expected.length, corrected.documents.length);
  const actual = collectDocuments(same.map((index) => ours[index]!));
  deepEqual(normalForms([...actual.values()]), normalForms(expected));
}

Deno.test("READ_FORMATS says of each filter what it reads", () => {
  deepEqual(Object.keys(READ_FORMATS).sort(), [...FILTERS.keys()].sort());
});
