import { isIP } from "node:net";
import { domainToUnicode } from "node:url";

/** A URL in its normal form, and the other spellings in which importers may have stored it. */
export type UrlSpellings = { readonly normal: string; readonly others: readonly string[] };

const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ["http://", ":80"],
  ["https://", ":443"],
  ["ftp://", ":21"],
]);

/** The parts of a URL; each may be empty, and its mark belongs to it: `http://`, `user@`, `:80`. */
type UrlParts = {
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  readonly port: string;
  readonly rest: string;
};

/**
 * Spells a URL in every way in which importers may have stored it, who keep URLs as they came: with
 * and without the scheme of the Web, a default port, user and password, a fragment, and a slash at
 * the end, and its ampersands as a page writes them. The normal form is the URL as it stands, with
 * scheme and host in lower case, with plain ampersands, and without marks of a sentence behind it,
 * which may be a part of the URL nevertheless.
 */
export function urlSpellings(given: string): UrlSpellings {
  const text = given.replaceAll(AMPERSAND, "&");
  const { normal, others } = markedSpellings(text);
  const inPages = normal.replaceAll("&", "&amp;");
  return { normal, others: [...others, ...(inPages === normal ? [] : [inPages, given])] };
}

/** An ampersand as pages write it. */
const AMPERSAND = /&(?:amp|#38|#x26);/gi;

function markedSpellings(text: string): UrlSpellings {
  const marked = spellingsOf(text);
  const bare = text.replace(/(?<=[^./])\.{3,}$/, "…").replace(MARKS_BEHIND, "");
  if (bare === text || bare === "") return marked;
  const plain = spellingsOf(bare);
  // An empty query is one all the same.
  const [first, second] = text === `${bare}?` ? [marked, plain] : [plain, marked];
  return { normal: first.normal, others: [...first.others, second.normal, ...second.others] };
}

/** Marks of a sentence; it looks back so that long texts of marks take linear time. */
const MARKS_BEHIND = /(?<![,;:!?'…])[,;:!?'…]+$/;

/** The spellings of a URL with whatever stands at its end. */
function spellingsOf(text: string): UrlSpellings {
  const url = splitUrl(text);
  const others = schemesOf(url).flatMap((scheme) =>
    portsOf(url, scheme).flatMap((port) =>
      usersOf(url).flatMap((user) =>
        hostsOf(url).flatMap((host) =>
          restsOf(url).map((rest) => scheme + user + host + port + rest)
        )
      )
    )
  );
  const normal = url.scheme + url.user + url.host + url.port + url.rest;
  return { normal, others: [...others, ...canonical(normal), text] };
}

function splitUrl(text: string): UrlParts {
  const [, scheme = "", user = "", host = "", port = "", rest = ""] =
    /^([a-z][a-z0-9+.-]*:\/\/|)([^/?#]*@|)([^/?#]*?)((?::[0-9]{1,5})?)(?=[/?#]|$)(.*)$/is
      .exec(text) ?? [];
  return { scheme: scheme.toLowerCase(), user, host: host.toLowerCase(), port, rest };
}

function schemesOf({ scheme }: UrlParts): readonly string[] {
  if (scheme === "") return ["", "http://", "https://"];
  return /^https?:/.test(scheme) ? [scheme, ""] : [scheme];
}

function portsOf({ scheme: asked, port }: UrlParts, scheme: string): readonly string[] {
  const usual = DEFAULT_PORTS.get(scheme);
  if (port === "") return usual === undefined ? [""] : ["", usual];
  return port === (usual ?? DEFAULT_PORTS.get(asked)) ? [port, ""] : [port];
}

function usersOf({ user }: UrlParts): readonly string[] {
  return user === "" ? [""] : [user, ""];
}

/**
 * The host as it stands, as the URL standard writes it (A-labels, the shortest IPv6 address), and in
 * Unicode.
 */
function hostsOf({ host }: UrlParts): readonly string[] {
  const text = `http://${isIP(host) === 6 ? `[${host}]` : host}/`;
  const standard = URL.canParse(text) ? new URL(text).hostname.replace(/\.$/, "") : host;
  return [...new Set([host, standard, domainToUnicode(standard) || standard])];
}

function restsOf({ rest }: UrlParts): readonly string[] {
  const bare = rest.replace(/#.*$/s, "");
  const slashed = bare.endsWith("/") ? bare.slice(0, -1) : `${bare}/`;
  return [...new Set([rest, bare, ...(bare.includes("?") ? [] : [slashed])])];
}

/** As the URL standard writes it, with and without the fragment: `/a/../b` as `/b`, `ü` as `%C3%BC`. */
function canonical(url: string): readonly string[] {
  if (!url.includes("://") || !URL.canParse(url)) return [];
  const { href } = new URL(url);
  return [href, href.replace(/#.*$/s, "")];
}
