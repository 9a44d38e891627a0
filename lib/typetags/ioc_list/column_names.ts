/** What lists call those whom they name, before the kind of indicator: `blocked_ips`. */
const HOSTILE =
  "(?:c2|cc|cnc|attack(?:er|ing)?|malicious|bad|evil|phish(?:ing)?|malware|ransomware|botnet|scam|spam|suspicious|hostile|abusive|threat|(?:block|deny|black|ban)(?:list)?(?:ed)?|denied|banned|(?:denied|blocked)?remote)";

/** Columns that name an indicator, in lower case without `_`, `-` and blanks. */
export const INDICATOR_COLUMN = new RegExp(
  "^(?:" + [
    "(?:ioc|indicator|observable|artifact)s?(?:value)?|value|entry",
    `${HOSTILE}?(?:ip(?:v[46])?|cidr|net|network|netblock|subnet|prefix)s?(?:addr(?:ess)?(?:es)?|range|prefix|cidr|port|block|v[46])?`,
    `${HOSTILE}?addr(?:ess)?(?:es)?`,
    `(?:src|source|dst|dest|destination|server|host|${HOSTILE})(?:ip(?:v[46])?|addr(?:ess)?|ipaddr(?:ess)?)(?:port)?`,
    "network(?:source|src|destination|dest|dst)?(?:ip(?:v[46])?|cidr)s?(?:addr(?:ess)?|block)?|emailsourceip(?:addr(?:ess)?)?",
    "ip(?:src|dst|str)|(?:c2|cc|cnc)(?:server)?s?|attackers?|ranges?",
  ].join("|") + ")$",
);
/** Columns in which every name is a domain. */
export const NAME_COLUMN = new RegExp(
  `^(?:${HOSTILE}?(?:domain|host|fqdn)(?:name)?s?|urldomain|(?:emailsource|sender)domain|dns(?:name)?|sld)$`,
);
export const URL_COLUMN = new RegExp(
  `^(?:(?:full|payload|download|${HOSTILE})?(?:url|uri)s?|url(?:full|original))$`,
);
export const MAIL_COLUMN = /^(?:e?mail|mailfrom|(?:e?mail)?sender)(?:addr(?:ess)?(?:es)?)?s?$/;
export const CVE_COLUMN = /^(?:cve|vulnerability)(?:id|number|s)?$/;

/** Columns that tell about an indicator, or about who is harmed by it, attacked or trusted. */
export const OTHER_COLUMN =
  /(?<!dis)allow|white|benign|trusted|harmless|exempt|exclu|approved|permitted|^(?:known)?good|^safe(?:list|domain|ip|host|site)|^(?:own|our|my|internal)(?:domain|ip|host|addr)|sensor|honeypot|target|brand|victim|impersonat|legit|link|refer|^refs?$|source|report|contact|abuse|tweet|twitter|author|credit|company|regist|nameserver|^ns\d?$|resolv|redirect|detail|screenshot|blog|more|info|note|comment|descr|title|terms|license|email/;

export const TYPE_COLUMN =
  /^(?:(?:ioc|indicator|observable|i|attribute|(?:file)?hash|data)?(?:type|kind)|(?:hash)?algo(?:rithm)?)$/;
export const NAME_TYPE = /^(?:domain|host|fqdn|dns|onion)(?:name)?s?$/;
/** Types of values that look like indicators but are none that a list can name. */
export const OTHER_TYPE =
  /^(?:file(?:name|path)?s?|path|process|mutex|reg|useragent|pdb|service|text|comment|link|asn?|yara|snort|sigma|btc|bitcoin|xmr|wallet|target|victim|brand|sandbox|sinkhole|reference|screenshot|permalink|benign|legit|whitelist|allowlist|resolver|nameserver|registrar|attachment|malwaretype|pattern|size)/;

export const START_COLUMN =
  /^(?:ip|net|network|range|addr(?:ess)?|block)?(?:start|from|first|begin|low(?:er)?)(?:ip|addr(?:ess)?|ofnetblock|ofrange)?$/;
export const END_COLUMN =
  /^(?:ip|net|network|range|addr(?:ess)?|block)?(?:end|to|last|stop|high(?:er)?|upper)(?:ip|addr(?:ess)?|ofnetblock|ofrange)?$/;

/** Columns of the first address of a network whose prefix length or mask is in the next one. */
export const NETWORK_COLUMN =
  /^(?:ip(?:v[46])?|net|network|netblock|subnet|addr(?:ess)?)(?:addr(?:ess)?|ip|start)?$/;
export const PREFIX_COLUMN =
  /^(?:prefix|mask|netmask|subnetmask|cidr|bits)(?:len(?:gth)?|size|bits)?$/;

/** Columns that hold who attacked, or where an entry comes from. */
export const SOURCE_COLUMN = /^(?:sources?|src|from)$/;

/** The name of a column in lower case, without `_`, `-`, blanks and `threat.indicator.` before it. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(
    /^(?:[a-z_.]{1,40}\.)?(?:indicator|ioc|observable|artifact)\./,
    "",
  )
    .replaceAll(/[^a-z0-9]/g, "");
}
