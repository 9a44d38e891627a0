/** One of these is in all that follows. */
const ANY_MARK = /[[\](){}\\*x ]/i;

/** `[.]`, `(dot)`, `{@}`, `[at]`, `[:]`, `[://]`, `[/]`: with a blank inside, too. */
const BRACKETED = /[[({] ?(\.|dot|@|at|:\/\/|:|\/) ?[\])}]/gi;
/** The same where blanks set it off from the words it joins. */
const SET_OFF = /(?<=[\p{L}\p{N}]) (?:dot|[[({] ?(?:\.|dot|@|at) ?[\])}]) (?=[\p{L}\p{N}])/giu;
const HALF_BRACKETED = /\[\.|\.\]/g;
const ESCAPED = /\\{1,2}(?=\.)/g;
const SCHEME = /\b(?:h(?:xx|xt|tx|\*\*)p(s?)|fxp(s?))(?=:\/\/)/gi;

/**
 * Undoes what keeps indicators in reports from being clicked: `hxxps[://]example[.]com` becomes
 * `https://example.com`. Text that is not written so stays as it is. One pass: what was defanged
 * twice is not undone twice.
 */
export function refang(text: string): string {
  if (!ANY_MARK.test(text)) return text;
  return text
    .replace(SET_OFF, (mark) => /[@a]/i.test(mark) ? "@" : ".")
    .replace(BRACKETED, (_, mark: string) => plain(mark))
    .replace(HALF_BRACKETED, ".")
    .replace(ESCAPED, "")
    .replace(
      SCHEME,
      (scheme, http?: string, ftp?: string) =>
        scheme[0]!.toLowerCase() === "h" ? `http${http}` : `ftp${ftp}`,
    );
}

function plain(mark: string): string {
  switch (mark.toLowerCase()) {
    case "dot":
      return ".";
    case "at":
      return "@";
    default:
      return mark;
  }
}
