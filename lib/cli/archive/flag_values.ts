import { InvalidArgumentError } from "commander";
// @ts-types="npm:@types/luxon@3.7.1"
import { DateTime } from "luxon";
import { isHash } from "../../tahoe/hash.ts";
import type { Hash } from "../../tahoe/instance.ts";

const SECONDS = { min: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** Seconds since 1970 of a time such as `2026-01-31T12:00`, UTC unless it says otherwise. */
export function readTime(text: string): number {
  const time = DateTime.fromISO(text, { zone: "utc" });
  if (!time.isValid) throw new InvalidArgumentError("Give a time such as 2026-01-31T12:00.");
  return time.toSeconds();
}

/** Seconds of an age such as `90d`. */
export function readAge(text: string): number {
  const [, number, unit] = /^([1-9]\d{0,5})(min|h|d|w)$/.exec(text) ?? [];
  if (number === undefined) {
    throw new InvalidArgumentError("Give a whole number from 1 and min, h, d or w, such as 90d.");
  }
  return Number(number) * SECONDS[unit as keyof typeof SECONDS];
}

/** A hash. */
export function readHash(text: string): Hash {
  if (!isHash(text)) throw new InvalidArgumentError("Give a hash, 64 hex digits.");
  return text;
}

/** Adds a hash to those before it. */
export function addHash(text: string, before: readonly Hash[] = []): readonly Hash[] {
  return [...before, readHash(text)];
}

/** Adds a text to those before it. */
export function addText(text: string, before: readonly string[] = []): readonly string[] {
  if (text === "") throw new InvalidArgumentError("It is empty.");
  return [...before, text];
}

/** A text that is not empty. */
export function readText(text: string): string {
  return addText(text)[0]!;
}
