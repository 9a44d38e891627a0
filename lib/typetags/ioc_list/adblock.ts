import { recognise } from "../../indicators/recognise.ts";
import { readName } from "./names.ts";
import { type LineReading, skipped } from "./reading.ts";

const COMMENT = /^(?:!|\[(?:adblock|adguard|ublock|ubo|uBlock)[^\]]*\]\s*$)/i;
/** `example.com##.banner`, `#@#`, `#?#`, `#$#`, `#%#` and so on; `$$` is AdGuard's. */
const ELEMENT_RULE = /^[~\w.*,\-\u0080-\uffff]*(?:#@?[$?%]{0,2}#(?=\S)|\$@?\$(?=\w))/;
/** Options of filters, so that `$` ends the pattern. */
const OPTIONS = /\$(?:~?[a-z1-3][\w-]*)(?:=[^,]*)?(?:,~?[a-z1-3_][\w-]*(?:=[^,]*)?)*$/i;
const OPTION_NAME =
  /^~?(?:third-party|3p|first-party|1p|domain|from|to|script|image|stylesheet|css|object|xmlhttprequest|xhr|subdocument|frame|document|doc|popup|all|important|media|font|websocket|webrtc|ping|other|match-case|generichide|ghide|elemhide|badfilter|denyallow|dnstype|dnsrewrite|client|ctag|app|network|redirect|redirect-rule|removeparam|csp|permissions|replace|urltransform|uritransform|urlskip|queryprune|removeheader|referrerpolicy|rewrite|hls|jsonprune|xmlprune|specifichide|shide|ehide|stealth|inline-font|strict1p|strict3p|ipaddress|cookie|header|method|popunder|inline-script|empty|mp4|_+)$/i;

/** Options of rules that change pages or answers and block nothing. */
const CHANGE_NAME =
  /^(?:csp|permissions|removeparam|queryprune|removeheader|replace|urltransform|uritransform|urlskip|cookie|referrerpolicy|redirect-rule|rewrite|hls|jsonprune|xmlprune|generichide|ghide|specifichide|shide|elemhide|ehide|stealth|inline-script|inline-font)$/i;
/** Answers of AdGuard's DNS server that name nobody else: `0.0.0.0`, `NXDOMAIN`, `NOERROR;A;::`. */
const BLOCKING_ANSWER =
  /^(?:|refused.*|servfail.*|nxdomain.*|(?:noerror;(?:a|aaaa)?;)?(?:0\.0\.0\.0|127\.[\d.]+|::1?|)|noerror(?:;[a-z]*;?)?)$/i;

/**
 * Reads a line of a filter list for browsers (Adblock Plus, uBlock Origin, AdGuard): the names that
 * it blocks. Undefined for lines that are not written for these.
 */
export function readAdblockLine(line: string): LineReading | undefined {
  const rule = line.trim().replace(/^(\|\S+)\s+[!#]\s.*$/, "$1");
  if (COMMENT.test(rule)) return skipped("comment");
  if (rule.startsWith("@@") || /^@\*:\/\//.test(rule)) return skipped("exception");
  if (ELEMENT_RULE.test(rule) && !/^#+\s/.test(rule)) return skipped("rule for parts of pages");
  const [, everywhere] = /^(?:\*|https?):\/\/([^/\s]+)\/\*$/.exec(rule) ?? [];
  if (everywhere !== undefined) return block(everywhere);
  const { pattern, options } = splitOptions(rule);
  if (options.some((option) => /^badfilter$/i.test(option))) return skipped("exception");
  if (options.some((option) => CHANGE_NAME.test(option)) || isRewritten(rule)) {
    return skipped("rule that blocks nothing");
  }
  if (/^\|\|?[^|\s]/.test(pattern)) return readPattern(pattern);
  // Without options or a mark of these lists it may be a line of any other list.
  if (options.length === 0 && !/^[\w.*-]+\^$/.test(pattern)) return undefined;
  return /^[\w.*-]+\^?$/.test(pattern) && readName(pattern.replace(/\^$/, "")).length > 0
    ? block(pattern)
    : skipped("rule that names no host");
}

/** Whether a rule sends those who ask for a name to another host, such as that of a safe search. */
function isRewritten(rule: string): boolean {
  const [, answer] = /[$,]dnsrewrite=([^,]*)/i.exec(rule) ?? [];
  return answer !== undefined && !BLOCKING_ANSWER.test(answer);
}

function splitOptions(
  rule: string,
): { readonly pattern: string; readonly options: readonly string[] } {
  const at = rule.search(OPTIONS);
  const names = at < 0
    ? []
    : rule.slice(at + 1).split(",").map((option) => option.replace(/=.*$/, ""));
  if (at < 0 || !OPTION_NAME.test(names[0]!)) return { pattern: rule, options: [] };
  return { pattern: rule.slice(0, at), options: names };
}

/** `||example.com^`, `||example.com/*`, `||example.com/path^`, `|https://example.com/|`. */
function readPattern(pattern: string): LineReading {
  const bare = pattern.replace(/^\|\|?/, "").replace(/[\^|*]{1,3}$/, "")
    .replace(/^([^/]+)\/$/, "$1");
  // `||example.*^`: the ending is anything.
  if (/\.\*[\^|]{0,2}$/.test(pattern)) return skipped("rule that names no host");
  if (/^[^\s/?=&]+$/.test(bare)) return block(bare);
  const url = bare.includes("*") || bare.includes("^") ? undefined : recognise(bare, "any");
  return url?.subType === "url" ? { indicators: [url] } : skipped("rule that names no host");
}

function block(host: string): LineReading {
  const indicators = readName(host.replace(/\^$/, "").replace(/:\d{1,5}$/, ""));
  return indicators.length > 0 ? { indicators } : skipped("rule that names no host");
}
