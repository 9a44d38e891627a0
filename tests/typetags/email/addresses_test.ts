import { deepEqual, equal, throws } from "../../assert.ts";
import fc from "fast-check";
import { Rejected } from "../../../lib/errors.ts";
import { readAddresses } from "../../../lib/typetags/email/addresses.ts";

// Results of the email package of Python 3.8, with its default policy, for the same headers.
const AS_IN_PYTHON: readonly (readonly [header: string, text: string])[] = [
  ["bob@example.com", "bob@example.com"],
  ["Bob<bob@example.com>", "Bob <bob@example.com>"],
  ['"Bob" <bob@example.com>', "Bob <bob@example.com>"],
  ['"Example, Bob" <bob@example.com>', '"Example, Bob" <bob@example.com>'],
  ['"B\\"ob" <bob@example.com>', '"B\\"ob" <bob@example.com>'],
  ["Bob J. Example <bob@example.com>", '"Bob J. Example" <bob@example.com>'],
  ["Bob (the builder) Example <bob@example.com> (home)", "Bob Example <bob@example.com>"],
  ["(a (nested) \\) comment) bob@example.com", "bob@example.com"],
  ["=?utf-8?q?J=C3=BCrgen?= <bob@example.com>", "Jürgen <bob@example.com>"],
  ["=?utf-8?q?Example=2C_Bob?= <bob@example.com>", '"Example, Bob" <bob@example.com>'],
  ["=?utf-8?q?one?= =?utf-8?q?two?= <bob@example.com>", "one two <bob@example.com>"],
  ['"=?utf-8?q?one?= =?utf-8?q?two?=" <bob@example.com>', "onetwo <bob@example.com>"],
  ["=?utf-8?q?=C3?= <bob@example.com>", "\ufffd <bob@example.com>"],
  ['"a b"@example.com', '"a b"@example.com'],
  ["bob . b @ example . com", "bob.b@example.com"],
  ["bob@[192.0.2.1]", "bob@[192.0.2.1]"],
  ["<@one.example,@two.example:bob@example.com>", "bob@example.com"],
  ["Bob <bob@example.com> junk", "Bob <bob@example.com>"],
  ["Bob Example", '"Bob Example"'],
  ['"open <bob@example.com>', '"open <bob@example.com>"'],
  ["Bob <>", "Bob <>"],
  ["bob@@example.com", "<>"],
  ["bob@example.com.", "<>"],
  ["(only a comment)", ""],
  [",", ""],
  ["a@example.com,,b@example.com", "a@example.com, b@example.com"],
  ["bob@example.com, <bob, carol@example.com", "bob@example.com, bob, carol@example.com"],
  ["undisclosed-recipients:;", "undisclosed-recipients:;"],
  ["Team: bob@example.com;", "Team: bob@example.com;"],
  [
    "Team: bob@example.com, Carol <c@example.com>;",
    "Team: bob@example.com, Carol <c@example.com>;",
  ],
  ["a:b@example.com, c@example.com", "a: b@example.com, c@example.com;"],
];

Deno.test("readAddresses formats addresses as Python's email package does", () => {
  for (const [header, text] of AS_IN_PYTHON) {
    equal(readAddresses(header).map((address) => address.text).join(", "), text, header);
  }
});

Deno.test("readAddresses returns the members of groups", () => {
  const members = readAddresses("a@example.com, T: B <b@example.com>, c@example.com;, none:;")
    .map((address) => address.members);
  deepEqual(members, [["a@example.com"], ["B <b@example.com>", "c@example.com"], []]);
});

Deno.test("readAddresses rejects headers that break off, hide line breaks or continue after a group", () => {
  for (
    const header of [
      "bob@",
      "Bob <",
      "bob@[192.0.2.1",
      "=?utf-8?q?a=0Ab?= <bob@example.com>",
      "Team: a@example.com; b",
    ]
  ) {
    throws(
      () => readAddresses(header),
      (error) => error instanceof Rejected && error.code === "EVENTS_REJECTED",
      header,
    );
  }
});

Deno.test("readAddresses reads any quoted name, and quotes it only when necessary", () => {
  const word = fc.string({ unit: fc.constantFrom(...'ab.,;:<>()[]@\\"é='), minLength: 1 });
  const name = fc.array(word, { minLength: 1 }).map((words) => words.join(" "));
  fc.assert(fc.property(fc.array(name, { minLength: 1 }), (names) => {
    const quoted = names.map((name) => `"${name.replace(/[\\"]/g, "\\$&")}"`);
    const header = quoted.map((name) => `${name} <bob@example.com>`).join(",");
    const expected = names.map((name, index) => /[^ abé=]/.test(name) ? quoted[index] : name);
    deepEqual(
      readAddresses(header).map(({ text }) => text),
      expected.map((name) => `${name} <bob@example.com>`),
    );
  }));
});
