import fc from "fast-check";
import { type EventSketch, type World, worldFrom } from "./world.ts";

const ATTRIBUTE_COUNT = 5;

/** Worlds of three to seven events, from threads to hubs and dense butterflies. */
export const WORLDS: fc.Arbitrary<World> = fc.noBias(fc.record({
  common: fc.constantFrom(0, 0b1, 0b111, 2 ** ATTRIBUTE_COUNT - 1),
  thin: fc.boolean(),
  malicious: fc.constantFrom(0, 10, 25, 50, 75, 100),
  events: fc.array(
    fc.record({
      attributes: fc.nat(2 ** ATTRIBUTE_COUNT - 1),
      also: fc.nat(2 ** ATTRIBUTE_COUNT - 1),
      orgid: fc.constantFrom("org", "org", "org", "org", "other", "hidden"),
      age: fc.constantFrom(-400, -0.5, 0, 0.99, 1, 7, 18),
      fate: fc.integer({ min: 0, max: 99 }),
      category: fc.constantFrom("benign" as const, "unknown" as const),
      objects: fc.subarray([0, 1, 2]),
    }),
    { minLength: 3, maxLength: 7 },
  ),
})).map(({ common, thin, malicious, events }) =>
  worldFrom(events.map((event): EventSketch => ({
    ...event,
    attributes: bits(event.attributes & (thin ? event.also : -1) | common),
    category: event.fate < malicious ? "malicious" : event.category,
  })))
);

/** Factors by which weights fall every day, from the smallest that may be configured. */
export const DECAYS = fc.constantFrom(0.00001, 0.5, 0.998, 1);

function bits(mask: number): number[] {
  return Array.from({ length: ATTRIBUTE_COUNT }, (_, i) => i).filter((i) => mask >> i & 1);
}
