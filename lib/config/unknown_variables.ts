/** Variables of this project that are not settings. */
const OTHERS = /^CYBEXP_(?:CONFIG$|TEST_|VECTORS$|HOSTILE_TEXTS$)/;

/** Reads an environment variable. */
type Read = (name: string) => string | undefined;

/**
 * Lists the environment variables that look like settings but are none. `names` are all variables
 * that there are; a program that may not list them looks for likely mistakes instead.
 */
export function unknownVariables(
  env: Read,
  { known, names }: { readonly known: readonly string[]; readonly names?: readonly string[] },
): string[] {
  const settings = new Set(known);
  const candidates = names ?? [...new Set(known.flatMap(misspellings))].filter(env);
  return candidates
    .filter((name) => name.startsWith("CYBEXP_") && !settings.has(name) && !OTHERS.test(name))
    .toSorted();
}

/** Spellings of a name with a letter left out, doubled or exchanged with the next; or no section. */
function misspellings(variable: string): string[] {
  const name = variable.slice("CYBEXP_".length);
  const spelled = [...name].flatMap((letter, i) => [
    name.slice(0, i) + name.slice(i + 1),
    name.slice(0, i) + letter + name.slice(i),
    name.slice(0, i) + (name[i + 1] ?? "") + letter + name.slice(i + 2),
  ]);
  const key = name.slice(name.indexOf("_") + 1);
  const sections = ["API", "ARCHIVE", "CACHE", "DOOR", "IDENTITY", "REPORT", "TAHOE"];
  const moved = [key, ...sections.map((section) => `${section}_${key}`), `${name}S`];
  return [...spelled, ...moved].map((one) => `CYBEXP_${one}`);
}
