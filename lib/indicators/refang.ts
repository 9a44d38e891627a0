/** Every way of defanging contains one of these characters. */
const ANY_MARK = /[[\](){}<\\*x ]/i;

/** `[.]`, `(dot)`, `{@}`, `[at]`, `[:]`, `[://]`, `[/]`, also with spaces inside the brackets. */
const BRACKETED = /[[({<] ?(\.|dot|@|at|:\/\/|:|\/) ?[\])}>]/gi;
/** The same, or a bare `dot`, with spaces between it and the words that it joins. */
const SPACED = /(?<=[\p{L}\p{N}]) (?:dot|[[({] ?(?:\.|dot|@|at) ?[\])}]) (?=[\p{L}\p{N}])/giu;
const HALF_BRACKETED = /\[\.|\.\]/g;
const ESCAPED = /\\{1,2}(?=\.)/g;
const SCHEME = /\b(?:h(?:xx|xt|tx|\*\*)p(s?)|fxp(s?))(?=:\/\/)/gi;

/**
 * Undoes the defanging that keeps indicators in reports from being clicked: `hxxps[://]example[.]com`
 * becomes `https://example.com`. Other text stays as it is. Makes one pass, so what was defanged
 * twice stays defanged once.
 */
export function refang(text: string): string {
  if (!ANY_MARK.test(text)) return text;
  return text
    .replace(SPACED, (mark) => /[@a]/i.test(mark) ? "@" : ".")
    .replace(BRACKETED, (_, mark: string) => refangMark(mark))
    .replace(HALF_BRACKETED, ".")
    .replace(ESCAPED, "")
    .replace(
      SCHEME,
      (scheme, http?: string, ftp?: string) =>
        scheme[0]!.toLowerCase() === "h" ? `http${http}` : `ftp${ftp}`,
    );
}

function refangMark(mark: string): string {
  switch (mark.toLowerCase()) {
    case "dot":
      return ".";
    case "at":
      return "@";
    default:
      return mark;
  }
}
