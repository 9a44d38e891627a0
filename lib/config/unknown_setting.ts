import { suggest } from "../suggest.ts";
import type { Setting } from "./reader.ts";

/** Settings of the same key that advice names, at most; `mongo_url` is a key of four sections. */
const MAX_SUGGESTIONS = 4;

/** Says that there is no such setting or variable, where it was given, and what may have been meant. */
export function unknownSetting(
  name: string,
  origin: string,
  settings: readonly Pick<Setting, "name" | "variable">[],
): string {
  const isVariable = name.startsWith("CYBEXP_");
  const known = settings.map((setting) => isVariable ? setting.variable : setting.name);
  const near = suggest(name, known);
  const meant = near === undefined ? sameKey(name, settings, isVariable) : [near];
  const advice = meant.length === 0 || meant.length > MAX_SUGGESTIONS
    ? ""
    : `. Did you mean ${meant.join(" or ")}?`;
  return `${name} is not a setting (${origin})${advice}`;
}

/** Settings that have the key of this name in another section, or a section where it has none. */
function sameKey(
  name: string,
  settings: readonly Pick<Setting, "name" | "variable">[],
  isVariable: boolean,
): readonly string[] {
  const key = isVariable
    ? keysOf(settings).find((key) => name.endsWith(`_${key.toUpperCase()}`))
    : keyOf(name);
  return settings.filter((setting) => keyOf(setting.name) === key)
    .map((setting) => isVariable ? setting.variable : setting.name);
}

/** All keys, the longest first: a variable that ends in `_MONGO_URL` is none of the key `url`. */
function keysOf(settings: readonly Pick<Setting, "name">[]): readonly string[] {
  return settings.map(({ name }) => keyOf(name)).sort((one, other) => other.length - one.length);
}

/** `lease` of `archive.lease`. */
function keyOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
