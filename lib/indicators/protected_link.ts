/** Hosts that programs for mail and chat put before the links in messages, and what holds the link. */
const PROTECTORS: readonly { readonly host: RegExp; readonly parameter: string }[] = [
  {
    host: /(?:^|\.)safelinks\.protection\.(?:outlook|office365)\.(?:com|us|cn)$/,
    parameter: "url",
  },
  { host: /^statics\.teams\.cdn\.(?:office|microsoft)\.(?:net|com)$/, parameter: "url" },
  { host: /(?:^|\.)linkprotect\.cudasvc\.com$/, parameter: "a" },
  { host: /(?:^|\.)slack-redir\.net$/, parameter: "url" },
  { host: /^l{1,2}m?\.facebook\.com$|^l\.instagram\.com$/, parameter: "u" },
  { host: /^(?:www\.)?google\.[a-z.]{2,6}$/, parameter: "q" },
  { host: /^(?:www\.)?google\.[a-z.]{2,6}$/, parameter: "url" },
];

/**
 * The URL that somebody sent, in a link that leads to it over a service which checks or counts links;
 * undefined for other URLs.
 */
export function protectedUrl(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { hostname, pathname, searchParams, href } = new URL(url);
  if (/^urldefense(?:\.proofpoint)?\.(?:com|us)$/.test(hostname)) return proofpointUrl(href);
  const isRedirect = !/google/.test(hostname) || pathname === "/url";
  const target = PROTECTORS.filter(({ host }) => isRedirect && host.test(hostname))
    .map(({ parameter }) => searchParams.get(parameter) ?? "")
    .find((value) => /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(value));
  return target;
}

/** `…/v3/__https://example.com/a__;…` and `…/v2/url?u=http-3A__example.com_a&…` of Proofpoint. */
function proofpointUrl(href: string): string | undefined {
  const [, third] = /\/v3\/__(.+?)__;/.exec(href) ?? [];
  if (third !== undefined) return third.replace(/^([a-z]+:\/)(?!\/)/, "$1/");
  const [, second] = /\/v[12]\/url\?(?:.*&)?u=([^&]+)/.exec(href) ?? [];
  if (second === undefined) return undefined;
  try {
    return decodeURIComponent(second.replaceAll("_", "/").replaceAll(/-(?=[0-9A-F]{2})/g, "%"));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
