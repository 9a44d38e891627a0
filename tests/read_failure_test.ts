import { equal } from "./assert.ts";
import { readFailure } from "../lib/read_failure.ts";

const FAILURES: [error: unknown, text: string][] = [
  [new Deno.errors.NotFound("No such file or directory (os error 2)"), "it does not exist"],
  [new Deno.errors.PermissionDenied("Permission denied"), "its owner or mode forbids it"],
  [new Deno.errors.IsADirectory("Is a directory"), "it is a directory"],
  [new Deno.errors.NotADirectory("x"), "part of its path is a file, not a folder"],
  [new Error("Input/output error (os error 5): readfile '/a'"), "Input/output error"],
  ["something else", "something else"],
];

for (const [error, text] of FAILURES) {
  Deno.test(`readFailure says that ${text}`, () => {
    equal(readFailure(error), text);
  });
}
