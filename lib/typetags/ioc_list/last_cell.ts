import { recognise } from "../../indicators/recognise.ts";
import { urlHost } from "../../indicators/url_host.ts";

const URL_START = /^[a-z][a-z0-9+.-]{0,30}:\/\//i;
/** The value of the last parameter of a query, behind which a bar stands. */
const LAST_VALUE = /[=?&]([^=?&|]*)$/;
const DATE = /^\d{4}-\d\d-\d\d/;
const TAG = /^\p{L}[\p{L}\p{N}_-]{0,40}$/u;
const HOSTILE_TAG =
  /^(?:c2|cnc|evil|bad|malicious|malware|phish(?:ing)?|botnet|scam|spam|ransomware|trojan|stealer|loader|dropper|payload|exploit|suspicious)$/i;

/**
 * A URL whose query seems to end in a bar and a cell behind it, without the bar, and the cell if it is
 * an indicator of its own: `http://192.0.2.1/?id=1|evil`. The word itself for any other.
 */
export function splitLastCell(word: string): readonly string[] {
  const bar = word.lastIndexOf("|");
  if (bar < 0 || word.indexOf("|") < bar || !URL_START.test(word)) return [word];
  const [url, cell] = [word.slice(0, bar), word.slice(bar + 1)];
  const [, value] = LAST_VALUE.exec(url) ?? [];
  if (value === undefined) return [word];
  const isTag = TAG.test(cell) && (!/\p{L}/u.test(value) || HOSTILE_TAG.test(cell));
  if (isTag || DATE.test(cell) || urlHost(url)?.data === cell.toLowerCase()) return [url];
  return recognise(cell) === undefined ? [word] : [url, cell];
}
