import { deepEqual, equal } from "../assert.ts";
import { SoundFirst } from "../../lib/tdql/sound_first.ts";

Deno.test("SoundFirst puts sound queries of a larger window before damaged ones", () => {
  const order = new SoundFirst<number>((number) => number < 0);
  equal(order.wantsLook([1, 2]), false);
  equal(order.wantsLook([-1, -2]), true);
  deepEqual(order.choose([-1, -2], [-1, -2, -3, 4, 5], 2), [4, 5]);
  deepEqual(order.choose([-1, -2], [-1, -2, -3, 4], 2), [4, -1]);
});

Deno.test("SoundFirst does not look again at once where there were damaged queries only", () => {
  const order = new SoundFirst<number>((number) => number < 0);
  deepEqual(order.choose([-1], [-1, -2], 1), [-1]);
  equal(order.wantsLook([-2]), false);
});
