/** Every way of defanging contains one of these characters. */
const ANY_MARK = /[[\](){}<\\*x ]|__/i;

/** `[.]`, `(dot)`, `{@}`, `[at]`, `[:]`, `[://]`, `[/]`, also with spaces inside the brackets. */
const BRACKETED = /[[({<] ?(\.|dot|@|at|:\/\/|:|\/) ?[\])}>]/gi;
/** The same, or a bare `dot`, with spaces between it and the words that it joins. */
const SPACED = /(?<=[\p{L}\p{N}]) (?:dot|[[({] ?(?:\.|dot|@|at) ?[\])}]) (?=[\p{L}\p{N}])/giu;
/** `2001:db8[::]1`; `[::]` alone is an address in brackets. */
const DOUBLE_COLON = /(?<=[0-9a-f])\[::\]|\[::\](?=[0-9a-f])/gi;
const HALF_BRACKETED = /\[\.|\.\]/g;
const ESCAPED = /\\{1,2}(?=\.)/g;
const SCHEME = /\b(?:h(?:xx|xt|tx|\*\*)p(s?)|fxp(s?))(?=:\/\/)/gi;
/** `http:__example.com/a`, `https___example.com`: underscores where names of files hold no slashes, but not in the name of the host. */
const UNDERSCORED =
  /(?<![\w.-])(h(?:tt|xx|xt|tx)ps?|f[tx]ps?)(?::__|___)(?=[a-z0-9-]+(?:\[?\.\]?[a-z0-9-]+)+(?!\w|[.-]\w|\[))/gi;

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
    .replace(DOUBLE_COLON, "::")
    .replace(HALF_BRACKETED, ".")
    .replace(ESCAPED, "")
    .replace(UNDERSCORED, "$1://")
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
