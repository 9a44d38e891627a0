import { deepEqual } from "../../assert.ts";
import { malicious } from "./malicious.ts";

const REFERENCE = "https://ref.example.org/1";

for (
  const [name, text, expected] of [
    ["attackers and their countries", "attacker,cc\n192.0.2.1,US\n192.0.2.2,DE", [
      "192.0.2.1",
      "192.0.2.2",
    ]],
    ["networks and their countries", "range,cc\n192.0.2.0-192.0.2.255,US\n198.51.100.0/24,-", [
      "192.0.2.0/24",
      "198.51.100.0/24",
    ]],
    ["servers that give commands", "cc,seen\n192.0.2.1,2026-01-01", ["192.0.2.1"]],
    ["addresses from which something came", "source,country\n192.0.2.1,US\n192.0.2.2,DE", [
      "192.0.2.1",
      "192.0.2.2",
    ]],
    [
      "no names from which something came",
      "source,country\nref.example.org,US\nb.example.org,DE",
      [],
    ],
    ["a range with its abuse desk", "192.0.2.0,192.0.2.255,24,a@example.org", ["192.0.2.0/24"]],
    ["one row with bars", `192.0.2.1|2026-01-01|${REFERENCE}`, ["192.0.2.1"]],
    ["strings of an array that is cut off", '["192.0.2.1","192.0.2.2",', [
      "192.0.2.1",
      "192.0.2.2",
    ]],
    ["one row with a date first", `2026-01-01,192.0.2.1,${REFERENCE}`, ["192.0.2.1"]],
    [
      "rows with blanks and without names",
      `192.0.2.1 2026-01-01 ${REFERENCE}\n192.0.2.2 2026-01-01T10:00:00Z ${REFERENCE}`,
      [
        "192.0.2.1",
        "192.0.2.2",
      ],
    ],
    ["a date, a name and its URL", "2026-01-01 evil.example.com http://evil.example.com/x", [
      "evil.example.com",
      "http://evil.example.com/x",
    ]],
    ["a date before a URL", "2026-01-01 12:00:00 http://evil.example.com/x", [
      "http://evil.example.com/x",
    ]],
    ["one row with blanks", `ip date ref\n192.0.2.1 2026-01-01 ${REFERENCE}`, ["192.0.2.1"]],
    ["two columns with blanks", `ip ref\n192.0.2.1 ${REFERENCE}\n192.0.2.2 ${REFERENCE}`, [
      "192.0.2.1",
      "192.0.2.2",
    ]],
    ["a reference with a comma in it", `ip,reference\n192.0.2.1,${REFERENCE},x`, ["192.0.2.1"]],
    ["numbered lines that end with a comma", "1. 192.0.2.1,\n2. evil.example.com,\n3. 192.0.2.2,", [
      "192.0.2.1",
      "192.0.2.2",
      "evil.example.com",
    ]],
    [
      "numbered lines with comments",
      "1. 192.0.2.1 ; ref.example.org\n2. 192.0.2.2\t# ref.example.org\n3. 192.0.2.3 ; x",
      ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
    ],
    [
      "lines behind a tab, some in quotes",
      '\t"http://c2.example/a",\n\t192.0.2.1,\n\t192.0.2.2',
      ["192.0.2.1", "192.0.2.2", "http://c2.example/a"],
    ],
    [
      "rows with semicolons whose first cell is empty",
      `note;ip;ref\nx;192.0.2.1;${REFERENCE}\n;192.0.2.2;${REFERENCE}\n; a comment\n`,
      ["192.0.2.1", "192.0.2.2"],
    ],
    ["the same below names in a comment", "# note;ip\n;192.0.2.1\n;192.0.2.2\n", [
      "192.0.2.1",
      "192.0.2.2",
    ]],
    [
      "the same without names",
      `x;192.0.2.1;2026-01-01\n;192.0.2.2;2026-01-02\nx;192.0.2.3;2026-01-02\n`,
      ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
    ],
    [
      "comments with a semicolon beside entries with one",
      `; List; ${REFERENCE}\n;${REFERENCE}\n192.0.2.1 ; SBL1\n192.0.2.2 ; SBL2\n`,
      ["192.0.2.1", "192.0.2.2"],
    ],
    [
      "lines that end with a comma, except for the last",
      "http://c2.example/a,\nhttp://c2.example/b",
      [
        "http://c2.example/a",
        "http://c2.example/b",
      ],
    ],
    [
      "rows that end with a separator, except for one",
      `ip,ref,\n192.0.2.1,${REFERENCE},\n192.0.2.2,${REFERENCE}\n192.0.2.3,${REFERENCE},`,
      ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
    ],
    ["files on another host", "file://c2.example/a\n192.0.2.1\n192.0.2.2", [
      "192.0.2.1",
      "192.0.2.2",
      "file://c2.example/a",
    ]],
    ["indicators with commas between them", "192.0.2.1,evil.example.com,192.0.2.2", [
      "192.0.2.1",
      "192.0.2.2",
      "evil.example.com",
    ]],
    ["a sentence with commas", "We saw 192.0.2.1, evil.example.com, and 192.0.2.2.", [
      "192.0.2.1",
      "192.0.2.2",
      "evil.example.com",
    ]],
  ] as const
) {
  Deno.test(`IOC_LIST_FILTER reads ${name}`, () => deepEqual(malicious(text), expected));
}
