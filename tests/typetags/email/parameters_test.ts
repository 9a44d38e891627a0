import { deepEqual, equal } from "../../assert.ts";
import { readParameters } from "../../../lib/typetags/email/parameters.ts";

Deno.test("readParameters reads names in any case, quotation marks, comments and spaces", () => {
  const header = 'text/plain (a; b=c); Charset = "utf-8" (c); boundary="a;\\"b" ;x ; format=flowed';
  deepEqual(Object.fromEntries(readParameters(header)), {
    charset: "utf-8",
    boundary: 'a;"b',
    x: "",
    format: "flowed",
  });
});

Deno.test("readParameters takes the first value of a name, up to a character that must be quoted", () => {
  const header = "multipart/mixed; boundary=----=_Part; boundary=b; charset=utf-8?; name=a b;";
  deepEqual(Object.fromEntries(readParameters(header)), {
    boundary: "----",
    charset: "utf-8",
    name: "a",
  });
});

Deno.test("readParameters ignores malformed parameters", () => {
  for (const header of ["", "text/plain", "a;", "a;;", "a; =b", "a; b=", "a; 'b'", "a; b='c'"]) {
    equal(readParameters(header).size, 0, header);
  }
  for (const header of ["a; b*1=c", "a; b*x=c", "a; b**=c", "a; *=c"]) {
    equal(readParameters(header).size, 0, header);
  }
});

Deno.test("readParameters joins and decodes values in the form of RFC 2231, as Python does", () => {
  const cases = [
    ["a; boundary*0=b; boundary*1=c", { boundary: "bc" }],
    ['a; boundary*1="c d"; boundary*0="b "', { boundary: "b c d" }],
    ["a; charset*=us-ascii'en'utf-8", { charset: "utf-8" }],
    ["a; x*0*=utf-8''%C3%A9%20; x*1=%41; x*2*=%42; x*4=z", { x: "\u00e9 %41B" }],
    ["a; b=c; b*=utf-8''d", { b: "c" }],
    ["a; b*=utf-8''d; b=c", { b: "c" }],
  ] as const;
  for (const [header, parameters] of cases) {
    deepEqual(Object.fromEntries(readParameters(header)), parameters, header);
  }
});
