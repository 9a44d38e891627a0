import { deepEqual } from "../assert.ts";
import type { Position, Positions } from "../../lib/lake/positions.ts";
import { testOn } from "./test_on.ts";

type Open = () => Promise<{ positions: Positions; close(): Promise<void> }>;

const POSITION: Position = {
  id: "a",
  source: "s",
  file: "1:2",
  typetag: "cowrie",
  offset: 2 ** 40,
  end: 2 ** 40 + 1,
  timestamp: 1_700_000_000.5,
  since: 1_600_000_000.25,
  fingerprint: "f",
};

/** A position of the source `s`, with some fields changed. */
export function savedPosition(fields: Partial<Position>): Position {
  return { ...POSITION, ...fields };
}

/** The positions in the order of their ids, as plain objects. */
function byId<Found extends { readonly id: string }>(positions: readonly Found[]): Found[] {
  return positions.map((position) => ({ ...position })).toSorted((a, b) => a.id < b.id ? -1 : 1);
}

/** What every store of positions must do. */
export function positionsSuite(name: string, open: Open): void {
  const test = testOn(name, open);

  test("list returns what was saved for a source, and nothing of others", async ({ positions }) => {
    deepEqual(await positions.list("s"), []);
    const second = { ...POSITION, id: "b", file: null };
    for (const one of [POSITION, second, { ...POSITION, id: "c", source: "other" }]) {
      await positions.save(one);
    }
    deepEqual(byId(await positions.list("s")), [POSITION, second]);
  });

  test("save replaces a position of the same id", async ({ positions }) => {
    await positions.save(POSITION);
    const later = { ...POSITION, offset: POSITION.end };
    await positions.save(later);
    await positions.save(later);
    deepEqual(byId(await positions.list("s")), [later]);
  });

  test("remove removes one position, and none that is absent", async ({ positions }) => {
    await positions.save(POSITION);
    await positions.remove("absent");
    deepEqual(byId(await positions.list("s")), [POSITION]);
    await positions.remove("a");
    deepEqual(await positions.list("s"), []);
  });
}
