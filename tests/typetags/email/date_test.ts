import { equal } from "../../assert.ts";
import { readDate } from "../../../lib/typetags/email/date.ts";

const APRIL = 1617655101;

Deno.test("readDate reads the forms that mail uses and has used", () => {
  const forms: readonly (readonly [header: string, seconds: number])[] = [
    ["Mon, 05 Apr 2021 20:38:21 +0000", APRIL],
    ["Mon, 05 Apr 2021 13:38:21 -0700 (PDT)", APRIL],
    ["Tue, 06 Apr 2021 02:08:21 +0530", APRIL],
    ["5 Apr 2021 13:38:21 PDT", APRIL],
    ["Mon,5 Apr 2021 20:38:21 GMT", APRIL],
    ["Fri, 05 Apr 2021 20:38:21 GMT", APRIL],
    ["Apr 5, 2021 20:38:21", APRIL],
    ["Mon Apr 5 20:38:21 2021", APRIL],
    ["Mon Apr 5 20:38:21 PDT 2021", APRIL + 7 * 3600],
    ["Monday, 05-Apr-21 20:38:21 GMT", APRIL],
    ["5 April 2021 20.38.21", APRIL],
    ["5 Apr 2021 22:38:21+0200", APRIL],
    ["5 Apr 2021 20:38 UT", APRIL - 21],
    ["Mon, 05 Apr 2021 22:38:21 +02:00", APRIL],
    ["Mon, 05 Apr 2021 22:38:21 +02", APRIL],
    ["Mon, 05 Apr 2021 22:38:21 GMT+0200", APRIL],
    ["Mon, 05 Apr 2021 17:08:21 UTC-3:30", APRIL],
    ["Monday, April 5, 2021 8:38 PM", APRIL - 21],
    ["Mon, 05 Apr 2021 10:38:21 pm +0200", APRIL],
    ["Mon, 05 Apr 2021 12:38:21 AM GMT", APRIL - 20 * 3600],
    ["Mon, 05 Apr 2021 20:38:21 PM +0000", APRIL],
    ["05 Apr 69 00:00:00 +0000", -23414400],
    ["29 Feb 2020 00:00:00 +0000", 1582934400],
  ];
  for (const [header, seconds] of forms) equal(readDate(header), seconds, header);
});

Deno.test("readDate takes -0000, a missing zone and an unknown zone as UTC", () => {
  for (const zone of ["-0000", "", "CET", "A"]) {
    equal(readDate(`Mon, 05 Apr 2021 20:38:21 ${zone}`), APRIL, zone);
  }
});

Deno.test("readDate refuses other text", () => {
  for (
    const header of [
      "",
      " ",
      "yesterday",
      "2021-04-05T20:38:21Z",
      "5 Apr 2021",
      "5 Foo 2021 20:38:21 +0000",
      "31 Apr 2021 20:38:21 +0000",
      "29 Feb 2021 20:38:21 +0000",
      "0 Apr 2021 20:38:21 +0000",
      "5 Apr 2021 24:00:00 +0000",
      "5 Apr 2021 20:60:00 +0000",
      "5 Apr 2021 20:38:60 +0000",
      "5 Apr 2021 20:38:-1 +0000",
      "5 Apr 2021 20:38:21.5 +0000",
      "5 Apr 2021 1:2:3:4 +0000",
      "5 Apr 10000 20:38:21 +0000",
      "5 Apr 2021 20:38:21 +2400",
      "5 Apr 1e3 20:38:21 +0000",
    ]
  ) equal(readDate(header), undefined, header);
});
