import { deepEqual } from "../assert.ts";
import { faults, flagged } from "./faults.ts";

const WANTED = [
  "f({ ...(x !== undefined && { x }) });",
  "f({ ...( x && { x }) });",
  "f({ ...rest });",
  "f({ ...(await g() ?? {}) });",
  "f({ ...(isOld ? OLD : NEW) });",
  "f([...x === undefined ? [] : [x]]);",
  "f([...(x === undefined ? [] : [x])]);",
  "f([...['a', 'b'].map(g)]);",
];

Deno.test("spreads accepts the one spelling of optional fields, and lists", () => {
  deepEqual(flagged("spreads", WANTED), []);
});

Deno.test("spreads flags an optional field without parentheses", () => {
  deepEqual(faults("spreads", "f({ a, ...x !== undefined && { x } });"), [
    [
      "...x !== undefined && { x }",
      "An optional field needs parentheses: ...(condition && { field })",
    ],
  ]);
});

Deno.test("spreads flags an optional field that is spelled with an empty object", () => {
  const message = "An optional field must be spelled ...(condition && { field })";
  deepEqual(faults("spreads", "f({ ...x ? { x } : {} });"), [["...x ? { x } : {}", message]]);
  const sources = ["f({ ...(x ? { x } : {}) });", "f({ ...(x ? {} : { y }) });"];
  deepEqual(flagged("spreads", sources), sources);
});

Deno.test("spreads flags a literal that is spread", () => {
  deepEqual(faults("spreads", "f({ ...{ env: false } });"), [
    ["...{ env: false }", "A literal must not be spread: write its members in its place"],
  ]);
  const sources = ["f([...['a', 'b']]);", "f(...[1, 2]);"];
  deepEqual(flagged("spreads", sources), sources);
});
