/** Four numbers with dots: an IPv4 address, or the version of a program. */
const QUAD = /(?<![\w.:/@-])v?(\d{1,3}(?:\.\d{1,3}){3})(?![\w:/@-]|\.\d)/g;

const BEFORE_VERSION =
  /(?:\bv|\b(?:ver|versions?|builds?|releases?|firmware|revisions?|rev|patch|(?:updated?|upgraded?) to|prior to|(?:earlier|older|newer|later) than|fixed in|oid))\.?\s{0,2}$/i;
const BEHIND_VERSION =
  /^,?\s{0,2}(?:(?:and|or)\s+(?:later|earlier|newer|older|above|below|prior|up|higher|lower)\b|through\b)/i;
/** Between two versions: `7.2.0.1, 7.4.0.2 and 7.6.0.3`. */
const BETWEEN = /^(?:\s*,\s*(?:and |or )?|\s+(?:and|or|to|through)\s+)$/;

/** Characters around the numbers that are looked at, so that long lines take linear time. */
const WINDOW = 60;

/** Numbers of a version are small; one in four thousand addresses consists of such. */
const MAX_SMALL = 31;
/**
 * The name of a program: a word that begins with a capital or has a dot or digit in it, and is none of
 * those for addresses.
 */
const NAME_BEFORE = /(?:^|[\s("'])([A-Z][\w+&.-]{1,30}|[a-z]{2,20}[\d.+][\w+.-]{0,10})\s$/;
const ADDRESS_WORD =
  /^(?:ip|ipv4|ips|addr|address|addresses|hosts?|servers?|c2|c&c|cnc|attackers?|source|src|dst|dest|destination|targets?|from|to|at|via|on|by|the|and|or|dns|nodes?|clients?|victims?|prox(?:y|ies)|gateway|router|banned|ban|unban|block(?:ed)?|deny|denied|drop(?:ped)?|reject(?:ed)?|allow(?:ed)?|scanner|bots?|botnet|peer|remote|local|connect(?:s|ed|ion|ing)?|contact(?:s|ed)?|resolv(?:es|ed)|ping(?:s|ed)?|get|post|http|https|tcp|udp|ssh|rdp|smb|ftp|all|indicators?|iocs?|malicious|bad)\W?$/i;

/**
 * A line of free text with the word `version` in place of what is the version of a program rather
 * than an IPv4 address: `Struts 2.5.10.1`, `version 1.2.3.4`, `8.5.78.1 or later`.
 */
export function withoutVersions(text: string): string {
  let result = "";
  let end = 0;
  let lastVersion = -1;
  for (const { 0: quad, 1: numbers, index } of text.matchAll(QUAD)) {
    const before = text.slice(Math.max(0, index - WINDOW), index);
    const behind = text.slice(index + quad.length, index + quad.length + WINDOW);
    const follows = lastVersion >= 0 && BETWEEN.test(text.slice(lastVersion, index));
    if (!follows && !isVersion({ before, quad, numbers: numbers!, behind })) continue;
    result += `${text.slice(end, index)}version`;
    end = index + quad.length;
    lastVersion = end;
  }
  return result + text.slice(end);
}

type Quad = {
  readonly before: string;
  readonly quad: string;
  readonly numbers: string;
  readonly behind: string;
};

function isVersion({ before, quad, numbers, behind }: Quad): boolean {
  if (quad.startsWith("v") || BEFORE_VERSION.test(before) || BEHIND_VERSION.test(behind)) {
    return true;
  }
  const [, name] = NAME_BEFORE.exec(before) ?? [];
  // A word and an address may be a row of a list: `Sweden 192.0.2.1`.
  const isSentence = `${before} ${behind}`.split(/\s+/).filter((word) => word !== "").length > 2;
  const isSmall = numbers.split(".").every((number) => Number(number) <= MAX_SMALL);
  return isSentence && isSmall && name !== undefined && !ADDRESS_WORD.test(name);
}
