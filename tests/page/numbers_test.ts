import { deepEqual, equal } from "../assert.ts";
import { counted, rankText } from "../../page/numbers.ts";
import { TimeWriter } from "../../page/time.ts";
import { shownText } from "../../page/shown_text.ts";

Deno.test("rankText writes four digits and a true minus sign", () => {
  const ranks = [0, -1, -0.5, -0.21490366995, -0.00001234567, -1e-12, 0.1];
  deepEqual(ranks.map(rankText), ["0", "−1", "−0.5", "−0.2149", "−0.00001235", "−1e−12", "0.1"]);
});

Deno.test("counted writes a number with its noun", () => {
  deepEqual([0, 1, 12345].map((number) => counted(number, "event")), [
    "0 events",
    "1 event",
    "12,345 events",
  ]);
});

Deno.test("TimeWriter writes times in the zone of the question", () => {
  equal(new TimeWriter("UTC").text(1_700_000_000.9), "2023-11-14 22:13:20");
  equal(new TimeWriter("Europe/Berlin").text(1_700_000_000), "2023-11-14 23:13:20");
  equal(new TimeWriter("Asia/Kathmandu").text(1_700_000_000), "2023-11-15 03:58:20");
});

Deno.test("TimeWriter writes what no calendar has as a number", () => {
  equal(new TimeWriter("UTC").text(1e20), "100000000000000000000");
  equal(new TimeWriter("UTC").text(NaN), "NaN");
});

Deno.test("shownText cuts long text between characters, and escapes what controls a screen", () => {
  equal(shownText("short"), "short");
  equal(shownText("\u202egpj.exe\u0000"), "\\u202egpj.exe\\u0000");
  equal(shownText("x".repeat(1_000_000), 10), "xxxxxxxxx…");
  equal(shownText("😀".repeat(11), 10), `${"😀".repeat(9)}…`);
  equal(shownText("😀".repeat(10), 10), "😀".repeat(10));
});
