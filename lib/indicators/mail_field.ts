/** `suser=ann@example.com`; `SRS0=a=b=c.example=ann@example.com` is an address as a whole. */
const MAIL_FIELD =
  /(?<![\w.+=@/?&#-])([\w.-]{0,20}(?:from|to|user|name|sender|recipient|rcpt|mail|cc|login|account|address|src|dst)=)(?=[^\s=@]{1,64}@)/gi;

/** A URL, which stays as it is. */
const URL_WORD = /([a-z][a-z0-9+.*-]{1,15}\[?:\[?\/\/[^\s"<>`]*)/i;

/** A text with the names of fields written apart from the mail addresses behind them. */
export function separateMailFields(text: string): string {
  if (!text.includes("@")) return text;
  return text.split(URL_WORD).map((part, at) =>
    at % 2 === 1 ? part : part.replace(MAIL_FIELD, "$1 ")
  ).join("");
}
