import { deepEqual } from "../assert.ts";
import { faults, flagged } from "./faults.ts";

const CONSTANTS = [
  "const few = 20;",
  "export const few = 20;",
  "const few = -1, FEW = 1;",
  "const patience = 30 * 1000;",
  "const few = MANY - 1;",
  "const big = 2n ** 63n;",
  "const name = `a${SUFFIX}`;",
  "const raw = String.raw`\\d`;",
  "const shape = /^a$/;",
  "const names = ['a', 'b'] as const;",
  "const states = [...FAILED, 'SUCCESS'] satisfies string[];",
  "const none = { sum: 0, cut: undefined, all: [] };",
  "const units: Unit[] = [[1, 's']];",
  "const tables = { a: (x) => x, b() {} };",
  "const codes = new Set<number>([1, 2]);",
  "const codes = new Map([['a', 1]]);",
  "const utf8 = new TextDecoder();",
  "const hash = 'a'.repeat(64);",
  "const limits = ['a', 'b'].map((name) => [name, 1]);",
  "const first = TABLE[0];",
  "const limit = Number.EPSILON / 2;",
];

const OTHERS = [
  "const FEW = 20, MAX_2 = 2;",
  "let few = 20;",
  "function f() { const few = 20; }",
  "const { a } = { a: 1 };",
  "const double = (x: number) => 2 * x;",
  "const Kind = class {};",
  "const log = getLogger('cybexp');",
  "const hash = hashOf('a');",
  "const folder = Deno.env.get('HOME');",
  "const started = performance.now();",
  "const chosen = TABLE[name];",
  "const paths = [current, ...old];",
  "const job = { stores, once: true };",
  "const signal = new AbortController().signal;",
  // These are filled later.
  "const found: string[] = [];",
  "const counts = {};",
  "const cache = new Map<string, number>();",
  "const seen = new WeakMap();",
];

Deno.test("constant-names flags lower-case names of values written out", () => {
  deepEqual(flagged("constant-names", CONSTANTS), CONSTANTS);
});

Deno.test("constant-names accepts everything else", () => {
  deepEqual(flagged("constant-names", OTHERS), []);
});

Deno.test("constant-names says which name to write", () => {
  deepEqual(faults("constant-names", "// €\nconst utf8AtOnce = 1;"), [
    ["utf8AtOnce", "A constant must be in UPPER_SNAKE: write UTF8_AT_ONCE"],
  ]);
});
