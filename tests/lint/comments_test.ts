import { deepEqual } from "../assert.ts";
import { faults, flagged } from "./faults.ts";

const WANTED = [
  "/** Bytes that they sent. The history of this; she, there, hers. */",
  "// There is no user, and there are no organisations.",
  "// The lease is no longer held: it is no more than a row, and they are no faster.",
  "// Where there\n  // is no file.",
  "/* Of no importance: this documents nothing. */",
  "// Of course. Throws.",
  "/**\n * Opens it.\n * @throws {Rejected} FILE_MISSING when there\n * is no file.\n */",
  "const text = 'his is no text';",
];

const UNWANTED = [
  "// A user and his organisation.",
  "/* Before he is asked. */",
  "/** Shown to him\n * alone. */",
  "// This is no text.",
  "// They are no texts.",
  "// What is\n// no time.",
  "/** Reads it; what is no\n * time is refused. */",
  "/** Of its hash. */",
  "/**\n * Of its hash.\n */",
  "/** In which it is. */",
  "/** Throws Rejected FILE_MISSING if it is away. */",
  "/** Opens it. Throws {@link Rejected} otherwise. */",
  "/**\n * Opens it.\n * Throws if it is away.\n */",
];

Deno.test("comments accepts plain English", () => {
  deepEqual(flagged("comments", WANTED), []);
});

Deno.test("comments flags what the house does not write", () => {
  deepEqual(flagged("comments", UNWANTED), UNWANTED);
});

Deno.test("comments reports each fault at the comment", () => {
  const comment = "/** Of him. */";
  deepEqual(faults("comments", `const A = "€";\n${comment}\nfunction a() {}`), [
    [comment, 'A person is "they": write they, their or them'],
    [comment, "A doc comment must begin with a noun or a verb"],
  ]);
});

Deno.test("comments flags comments anywhere in a file, and consecutive lines once", () => {
  deepEqual(
    faults("comments", "// his\nf(/* his */ a); // his\n// his").map(([text]) => text),
    ["// his", "/* his */", "// his\n// his"],
  );
});
