const FORMS = [
  /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}(?:[0-9a-f]{2}\1[0-9a-f]{2}\1)?[0-9a-f]{2}$/i,
  /^[0-9a-f]{4}(?:\.[0-9a-f]{4}){2,3}$/i,
];

/** A MAC address in its normal form, and the other spellings in which it may be stored. */
export type MacSpellings = { readonly normal: string; readonly others: readonly string[] };

/** Tells whether a text is a MAC address that cannot be mistaken for something else. */
export function isMacAddress(text: string): boolean {
  return FORMS.some((form) => form.test(text));
}

/**
 * Spells a MAC address (EUI-48 or EUI-64) with colons, the normal form, with hyphens, dots and
 * nothing between its digits, in small letters and capitals. Undefined if it is not one.
 */
export function macSpellings(text: string): MacSpellings | undefined {
  const digits = text.toLowerCase().replaceAll(/[^0-9a-f]/g, "");
  const isBare = /^(?:[0-9a-f]{12}|[0-9a-f]{16})$/i.test(text);
  if (!isBare && !isMacAddress(text)) return undefined;
  const pairs = digits.match(/../g)!;
  const spellings = [pairs.join(":"), pairs.join("-"), digits.match(/.{4}/g)!.join("."), digits];
  return {
    normal: spellings[0]!,
    others: [...spellings, ...spellings.map((spelling) => spelling.toUpperCase())],
  };
}
