/** Columns that name an indicator, in lower case without `_`, `-` and blanks. */
export const INDICATOR_COLUMN =
  /^(?:(?:ioc|indicator|observable|artifact)s?(?:value)?|value|entry|(?:ip(?:v[46])?|cidr|net|network|netblock|subnet|prefix)s?(?:addr(?:ess)?(?:es)?|range|prefix|cidr|port|block|v[46])?|addr(?:ess)?(?:es)?|(?:src|source|dst|dest|destination|remote|attacker|attacking|malicious|bad|c2|cc|cnc|server|host)(?:ip(?:v[46])?|addr(?:ess)?|ipaddr(?:ess)?)(?:port)?|ip(?:src|dst)|(?:c2|cc|cnc)(?:server)?s?)$/;
/** Columns in which every name is a domain. */
export const NAME_COLUMN =
  /^(?:(?:c2|cc|cnc|attacker|attacking|malicious|bad|phish(?:ing)?|malware)?(?:domain|host|fqdn)(?:name)?s?|dns(?:name)?|sld)$/;
export const URL_COLUMN =
  /^(?:full|c2|cc|cnc|attacker|attacking|malicious|bad|phish(?:ing)?|malware|payload|download)?(?:url|uri)s?$/;
export const MAIL_COLUMN = /^(?:e?mail|mailfrom|sender)(?:addr(?:ess)?(?:es)?)?s?$/;
export const CVE_COLUMN = /^(?:cve|vulnerability)(?:id|number|s)?$/;

/** Columns that tell about an indicator or about who is harmed by it. */
export const OTHER_COLUMN =
  /target|brand|victim|impersonat|legit|link|refer|source|report|contact|abuse|tweet|twitter|author|credit|company|regist|nameserver|^ns\d?$|resolv|redirect|detail|screenshot|blog|more|info|note|comment|descr|title|terms|license|email/;

export const TYPE_COLUMN = /^(?:ioc|indicator|observable|i|attribute)?(?:type|kind)$/;
export const NAME_TYPE = /^(?:domain|host|fqdn|dns|onion)(?:name)?s?$/;
/** Types of values that look like indicators but are none that a list can name. */
export const OTHER_TYPE =
  /^(?:file(?:name|path)?s?|path|process|mutex|reg|useragent|pdb|service|text|comment|link|asn?|yara|snort|sigma|btc|bitcoin|xmr|wallet|target|attachment|malwaretype|pattern|size)/;

export const START_COLUMN =
  /^(?:ip|net|network|range|addr(?:ess)?|block)?(?:start|from|first|begin|low(?:er)?)(?:ip|addr(?:ess)?|ofnetblock|ofrange)?$/;
export const END_COLUMN =
  /^(?:ip|net|network|range|addr(?:ess)?|block)?(?:end|to|last|stop|high(?:er)?|upper)(?:ip|addr(?:ess)?|ofnetblock|ofrange)?$/;

/** The name of a column in lower case, without `_`, `-` and blanks. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
