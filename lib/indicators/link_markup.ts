/** A URL in a link, also defanged; none of its characters ends the link. */
const URL_TEXT = String
  .raw`((?:[a-z][a-z0-9+.*-]{1,15}\[?:(?:\/\/|\[?\/\/\]?)\]?|mailto:)(?:[^\s|<>"'\[\]]|\[(?:\.|:|\/|@|dot|at)\]){1,8192})`;

/** Links with a text, as programs and pages write them; those of Markdown are read elsewhere. */
const LINKS = [
  // Slack.
  String.raw`<${URL_TEXT}\|[^<>]{0,2000}>`,
  // Jira and Confluence, the address behind the text or before it.
  String.raw`\[[^\[\]|\n]{1,500}\|${URL_TEXT}(?:\|[^\[\]\n]{0,500})?\]`,
  String.raw`\[${URL_TEXT}\|[^\[\]\n]{0,500}\]`,
  // Org mode, and MediaWiki, which has one bracket.
  String.raw`\[\[${URL_TEXT}\](?:\[[^\[\]\n]{0,500}\])?\]`,
  String.raw`\[${URL_TEXT}\s[^\[\]\n]{1,500}\]`,
  // Forums.
  String.raw`\[url=["']?${URL_TEXT}["']?\](?:(?!\[\/url\])[^\n]){0,500}\[\/url\]`,
  String.raw`\[url\]${URL_TEXT}\[\/url\]`,
  // Asciidoctor.
  String.raw`${URL_TEXT}\[(?!\d*\]|(?:dot|at)\])[^\[\]\n./:@][^\[\]\n]{0,500}\](?![^\s.,;:!?)])`,
  // Pages.
  String.raw`<a\s[^<>]{0,500}?href=["']?${URL_TEXT}["']?[^<>]{0,500}>[^<>]{0,500}<\/a>`,
  // reStructuredText.
  String.raw`\x60[^\x60<>\n]{0,500}<${URL_TEXT}>\x60_{0,2}`,
].map((form) => ({
  whole: new RegExp(String.raw`^${form}[.,;:!?…]*$`, "i"),
  inText: new RegExp(form, "gi"),
}));

function mayHoldLink(text: string): boolean {
  return /[|[<\x60]/.test(text) && /\/\/|mailto:/i.test(text);
}

/** The address of a link that is all of a text, such as `<http://example.com/a|example.com>` of Slack. */
export function linkAddress(text: string): string {
  if (!mayHoldLink(text)) return text;
  for (const { whole } of LINKS) {
    const [, url] = whole.exec(text) ?? [];
    if (url !== undefined) return url;
  }
  return text;
}

/** A text with the addresses and texts of its links apart, as words. */
export function separateLinks(text: string): string {
  if (!mayHoldLink(text)) return text;
  return LINKS.reduce((result, { inText }) => result.replace(inText, separateLink), text);
}

function separateLink(link: string, url: string): string {
  const label = link.replace(url, " ").replaceAll(/^[<[]+|[>\]]+$|[|<>]|\]\[|\](?=\[\/)/g, " ");
  return ` ${url} ${label} `;
}
