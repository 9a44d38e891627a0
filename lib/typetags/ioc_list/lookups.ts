/** `${lower:l}`, `${env:NAME:-l}`, `${::-l}`: lookups of Log4j that hide a letter. */
const HIDDEN_LETTERS = /\$\{(?:(?:lower|upper):|[^{}$]{0,40}:-)([^{}$]{0,40})\}/gi;
/** Lookups nested in each other, at most. */
const MAX_DEPTH = 4;

/** `${jndi:ldap://192.0.2.1/a}` in a text, as the URL alone, with its scheme as Log4j would read it. */
export function resolveLookups(text: string): string {
  let plain = /%24%7b/i.test(text) ? decoded(text) : text;
  if (!plain.includes("${")) return text;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const resolved = plain.replace(HIDDEN_LETTERS, "$1");
    if (resolved === plain) break;
    plain = resolved;
  }
  return plain.replace(
    /\$\{jndi:([a-z][a-z0-9+.-]{0,30}:\/\/(?:(?!\$\{)[^\s{}]){1,4096})\}?/gi,
    " $1 ",
  );
}

/** The text behind percent encoding, as servers log it; the text itself if it is encoded badly. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
