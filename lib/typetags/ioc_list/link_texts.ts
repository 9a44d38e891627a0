/** A link and its text, as Slack exports them. */
const LINK = /<([a-z][a-z0-9+.-]{0,30}:[^<>|\s]{1,8192})\|[^<>]{0,1000}>/gi;

/** A text in which links have no text of their own: `<http://a.example/b|a.example>` is `<http://a.example/b>`. */
export function withoutLinkTexts(text: string): string {
  return text.includes("<") ? text.replace(LINK, "<$1>") : text;
}
