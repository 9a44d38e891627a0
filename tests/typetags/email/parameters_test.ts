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
  equal(readParameters("a; b*=utf-8''c; d*0=e").size, 0);
});
