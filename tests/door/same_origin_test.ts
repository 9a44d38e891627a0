import { doesNotThrow, throws } from "../assert.ts";
import { Refusal } from "../../lib/door/refusal.ts";
import { checkLoopbackName } from "../../lib/door/same_origin.ts";

Deno.test("checkLoopbackName takes the names of this machine", () => {
  for (const host of ["127.0.0.1", "localhost:8480", "[::1]:8480", "127.1.2.3", "LOCALHOST"]) {
    doesNotThrow(() => checkLoopbackName(`http://${host}/`));
  }
});

Deno.test("checkLoopbackName refuses names of the world, whatever they mean", () => {
  for (
    const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.0.2.1"]
  ) {
    throws(() => checkLoopbackName(`http://${host}/`), Refusal);
  }
});
