import { deepEqual } from "../assert.ts";
import { faults, flagged } from "./faults.ts";

const WANTED = [
  "function f(a, b, { c, d, e }) {}",
  "function f(this: F, a, b, c) {}",
  "class C { constructor(a, b, c) {} m(a, b) {} }",
  "const f = (a, b, c) => a;",
  "type F = (a: A, b: B, c: C) => void;",
  // The called function sets the form.
  "text.replace(/a/, (all, first, second, at, text) => first);",
];

const UNWANTED = [
  "function f(a, b, c, d) {}",
  "function f(a, b, c = 1, ...d) {}",
  "export default async function (a, b, c, d) {}",
  "function f(a, b, c, d): void; function f(...all) {}",
  "class C { constructor(a, b, c, private d: D) {} }",
  "class C { static m(a, b, c, d) {} }",
  "class C { #m = (a, b, c, d) => a; }",
  "abstract class C { abstract m(a, b, c, d): void; }",
  "const f = (a, b, c, d) => a;",
  "const F = { m(a, b, c, d) {} };",
  "interface I { m(a: A, b: B, c: C, d: D): void; }",
  "type F = (a: A, b: B, c: C, d: D) => void;",
];

Deno.test("parameters accepts three parameters, and callbacks", () => {
  deepEqual(flagged("parameters", WANTED), []);
});

Deno.test("parameters flags more than three parameters", () => {
  deepEqual(flagged("parameters", UNWANTED), UNWANTED);
});

Deno.test("parameters says how many there are", () => {
  deepEqual(faults("parameters", "function f(a, b, c, d, e) {}"), [
    ["function f(a, b, c, d, e) {}", "5 parameters: take at most two, and an object of options"],
  ]);
});
