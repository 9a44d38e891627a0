import { equal, match } from "../../assert.ts";
import fc from "fast-check";
import { exportFileName } from "../../../lib/answers/export/file_name.ts";

const NAMED = { type: "related", time: 1_790_000_000, zone: "UTC", extension: "csv" };

function nameOf(data: string, subType = "url"): string {
  return exportFileName({ ...NAMED, asked: { subType, data } });
}

Deno.test("exportFileName has the indicator, and the day in its zone", () => {
  equal(nameOf("203.0.113.7"), "cybexp-related-203.0.113.7-2026-09-21.csv");
  equal(nameOf("http://a.example/b?c=1"), "cybexp-related-http-a.example-b-c-1-2026-09-21.csv");
  const late = { ...NAMED, time: 1_790_000_000 + 8 * 3600, zone: "Europe/Berlin" };
  equal(exportFileName(late), "cybexp-related-2026-09-22.csv");
});

Deno.test("exportFileName names what has no safe character by its kind", () => {
  equal(nameOf("пароль", "password"), "cybexp-related-password-2026-09-21.csv");
  equal(nameOf("../..", "filename"), "cybexp-related-filename-2026-09-21.csv");
});

Deno.test("exportFileName is short and safe, whatever was asked", () => {
  equal(nameOf("x".repeat(1e6)).length, "cybexp-related--2026-09-21.csv".length + 48);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const name = nameOf(text);
    match(name, /^cybexp-related-\w[\w.-]*-2026-09-21\.csv$/);
    equal(name.length < 100, true);
  }));
});
