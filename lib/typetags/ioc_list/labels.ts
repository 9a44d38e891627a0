/** What stands before a colon in a line says what the indicators behind it are. */
export type LineLabel =
  /** Where to read more, or whom to ask: names and URLs there are mentioned, unless defanged. */
  | "reference"
  /** What services that examine files and pages say: names and URLs are theirs, defanged or not. */
  | "service"
  /** Who is harmed, imitated or above suspicion: nothing there is to be looked for. */
  | "harmless";

/** What ends a label: a colon, and for some also a dash or an arrow. */
const COLON = String.raw`[\s*_]{0,4}[:=](?!//)`;
const DASH = String.raw`(?:${COLON}|[\s*_]{1,4}(?:[-–—→]|[-=]>)\s)`;

/** A label, also behind bullets and in the marks of Markdown, with a remark in brackets. */
function labels(names: readonly string[], end: string): RegExp {
  return new RegExp(
    String.raw`^[\W_]{0,8}(?:${names.join("|")})(?: \([^()]{1,40}\))?${end}`,
    "i",
  );
}

/** Lines that say where a list comes from, where to read more, or what else is known. */
const REFERENCE = labels([
  "(?:references?|refs?|reports?|analys[ie]s)(?: (?:reports?|urls?|links?|pages?))?|sources?",
  "links?|write-?ups?|articles?|(?:blog )?posts?|feed|title|see(?: also)?|more(?: info(?:rmation)?| details)?",
  "documentation|docs|home ?page|website|contact|author|maintainer|reporter|licen[cs]e",
  "terms(?: of (?:use|service))?|copyright|feedback|support|blog|tweet|twitter|credits?",
  "abuse(?:[ -]\\w+)?|descr(?:iption)?|summary|comments?|remarks?|notes?|redirect(?:s|ed|ion)?(?: (?:to|urls?|targets?))?|decoys?(?: \\w+){0,2}",
  "isp|asn?|as[ -]?name|researchers?|analysts?|submitters?|(?:reported|discovered|found|submitted|published|written|provided) by|git ?hub|advisor(?:y|ies)|bulletins?|repo(?:sitory)?|tools?(?: used)?",
  "org(?:ani[sz]ation)?|hosting(?: (?:provider|company))?|provider|files?(?: ?(?:names?|paths?))?|paths?|mutex(?:es)?",
  "user[ -]?agents?|reg(?:istry)?(?: ?keys?)?|pdb|yara|signature|to|b?cc|recipients?",
  // What registries and registrars answer about a name.
  "registrars?(?: [\\w-]+){0,4}|registrant|registry(?: [\\w-]+){1,3}|sponsoring(?: [\\w-]+){1,3}|reseller(?: \\w+)?",
  "(?:registrant|admin(?:istrative)?|tech(?:nical)?|billing|owner|holder)[ -](?:contact|e-?mail|name|id|url|org\\w*)(?: e-?mail)?",
  "(?:[\\w-]+ ){0,4}(?:whois|icann|rdap)(?: [\\w-]+){0,4}|(?:domain )?status|refer(?:ral)?(?: (?:url|server))?|notify",
  "name ?servers?(?: ?\\d)?|domain servers?(?: in listed order)?|ns ?\\d?|dns ?sec",
], COLON);

const SERVICE = labels([
  "(?:\\w+ )?sandbox(?:es)?(?: (?:reports?|runs?|links?|analys[ie]s|tasks?|urls?|results?))?",
  "(?:virus ?total|vt|url ?scan(?:\\.io)?|any\\.?run|hybrid[ -]analysis|joe ?sandbox|(?:hatching )?tria\\.?ge|intezer)(?: (?:reports?|links?|urls?|results?|scans?|pages?))?",
  "(?:malware ?bazaar|threat ?fox|url ?haus|shodan|censys) (?:reports?|links?|results?|pages?)|permalinks?|screenshots?",
], DASH);

const HARMLESS = labels([
  "victims?(?: [\\w-]+){0,2}|target(?:ed|ing)(?: [\\w-]+){0,3}|target (?:brands?|organi[sz]ations?|compan(?:y|ies)|sectors?|victims?)",
  "targets?|target (?:ips?|addr(?:ess)?(?:es)?|domains?|sites?|websites?|users?|hosts?|servers?)|our (?:\\w+ )?(?:sensor|honeypot|server|network|ip|address|domain|customer|client|office|site|host|range|asset)(?:e?s)?|(?:honeypot|sensor)s?(?: (?:ips?|address|host|name))?",
  "impersonation(?: of)?|(?:impersonat|imitat|spoof|mimick)ing|(?:impersonat|imitat|spoof)(?:es|s|ed)(?: [\\w-]+){0,2}|mimic(?:s|ked)(?: [\\w-]+){0,2}|brands?(?: (?:names?|domains?|urls?))?",
  "(?:dns )?sinkhole[ds]?(?: (?:ips?|addr\\w*|servers?|operators?|to|at|by))*",
  "(?:legit(?:imate)?|benign|clean|harmless|trusted|known[ -]good|false[ -]positives?|not malicious|(?:white|allow)-?list(?:ed)?|allowed)(?: [\\w-]+){0,3}|(?:real|genuine|official) (?:site|website|domain|page|url|login)|nserver",
  "(?:public|open|recursive) (?:dns )?(?:resolvers?|servers?)|(?:dns )?resolvers?",
], DASH);

/** Characters of a line among which its label is, at most. */
const MAX_LABEL = 120;

/** Says what a line is by the label with which it begins; undefined for any other line. */
export function lineLabel(line: string): LineLabel | undefined {
  const start = line.slice(0, MAX_LABEL);
  // `sinkhole_ip:`, `registrar-url:`, `targetDomain:`.
  const words = start.replaceAll(/(?<=\w)[_-](?=\w)|(?<=[a-z])(?=[A-Z])/g, " ");
  const is = (label: RegExp) => label.test(start) || label.test(words);
  if (is(HARMLESS)) return "harmless";
  if (is(SERVICE)) return "service";
  return is(REFERENCE) ? "reference" : undefined;
}

/** Tells whether a line says by its first words that what follows is not to be looked for. */
export function isReferenceLine(line: string): boolean {
  return lineLabel(line) !== undefined;
}
