import { deepEqual, equal } from "../assert.ts";
import { type Kind, SoundFirst } from "../../lib/tdql/sound_first.ts";

/** Queries by their names: those that begin with `d` are damaged. */
function queries(...names: readonly string[]) {
  return names.map((name) => {
    const kind: Kind = name.startsWith("d") ? "damaged" : name === "q" ? "quarantined" : "sound";
    return { name, kind };
  });
}

function names(chosen: readonly { readonly name: string }[]): readonly string[] {
  return chosen.map(({ name }) => name);
}

Deno.test("SoundFirst puts sound queries behind the oldest ones before damaged ones", () => {
  const order = new SoundFirst();
  equal(order.wantsLook(queries("a", "b")), false);
  const found = queries("d1", "d2");
  equal(order.wantsLook(found), true);
  deepEqual(order.selectUnknown(["d1", "d2", "d3", "a", "b"]), ["d3", "a", "b"]);
  const looked = queries("d3", "a", "b");
  deepEqual(names(order.choose(found, looked, { limit: 2 })), ["a", "b"]);
  deepEqual(names(order.choose(found, looked, { limit: 3 })), ["a", "b", "d1"]);
  deepEqual(names(order.choose(found, [], { limit: 3 })), ["d1", "d2"]);
});

Deno.test("SoundFirst does not read again what it knows is damaged", () => {
  const order = new SoundFirst();
  equal(order.sizeOfFirst({ limit: 64 }), 64);
  order.choose([], queries("d1", "d2", "a"), { limit: 64 });
  deepEqual(order.selectUnknown(["d1", "a", "d2", "d3"]), ["a", "d3"]);
  equal(order.sizeOfFirst({ limit: 64, damaged: 5 }), 5);
});

Deno.test("SoundFirst does not look again at once where all others are known", () => {
  const order = new SoundFirst();
  equal(order.wantsLook(queries("d1")), true);
  deepEqual(order.selectUnknown(["d1"]), []);
  equal(order.wantsLook(queries("d1")), false);
});

Deno.test("SoundFirst chooses as many damaged queries as there is room for", () => {
  const order = new SoundFirst();
  const found = queries("d1", "q", "d2", "d3", "a");
  deepEqual(names(order.choose(found, [], { limit: 9, damaged: 2 })), ["q", "a", "d1", "d2"]);
  equal(order.sizeOfFirst({ limit: 9, damaged: 0 }), 0);
  equal(order.wantsLook([]), true);
  deepEqual(names(order.choose([], found, { limit: 9, damaged: 0 })), ["q", "a"]);
});
