/** Fields of a word behind which a URL is looked for, at most. */
const MAX_FIELDS = 16;

/** The label of a field: `url:`. */
const LABEL = /^[\w-]{1,40}:(?!\/\/)/;

/**
 * The parts of a word between signs of equality, of which a URL with a query may hold some itself:
 * `a=example.com/?b=c` is `a` and `example.com/?b=c`. `isUrl` tells whether a text is a URL.
 */
export function splitFields(word: string, isUrl: (text: string) => boolean): readonly string[] {
  const fields = word.split("=");
  for (let at = 0; at < Math.min(fields.length - 1, MAX_FIELDS); at++) {
    const rest = fields.slice(at).join("=");
    const hasPath = /[?/]/.test(fields[at]!);
    if (hasPath && isUrl(withoutLabel(rest))) return [...fields.slice(0, at), rest];
  }
  return fields;
}

/** A field without the label before it, such as `url:`. */
export function withoutLabel(field: string): string {
  return field.replace(LABEL, "");
}
