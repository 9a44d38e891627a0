const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", " "],
  ["shy", ""],
  ["colon", ":"],
  ["sol", "/"],
  ["period", "."],
  ["commat", "@"],
  ["quest", "?"],
  ["equals", "="],
  ["lowbar", "_"],
  ["num", "#"],
]);

/** `&amp;`, `&#46;`, `&#x2e;`; browsers also read numbers without the semicolon. */
const ENTITY = /&(?:#x([0-9a-f]{1,6});?|#([0-9]{1,7});?|([a-z]{2,8});)/gi;

/** A tag, a comment or its end; of a comment what is in it stays. No tag holds the begin of another. */
const TAG = /<!--|-->|<(!?)[/?]?([a-z][\w:-]*)((?:"[^"<]*"|'[^'<]*'|[^"'<>])*)>/gi;
const ATTRIBUTE = /(?<![\w:-])([a-z][\w:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** Elements that stand inside words: `ev<wbr>il.example`. */
const INSIDE_WORD = /^(?:wbr|b|i|u|em|strong|font|mark|small)$/i;

/**
 * The text of a page, and the addresses in its tags, each on a line of its own. The names of formats
 * (`xmlns`, the document type) are left out.
 */
export function htmlText(html: string): string {
  return decodeEntities(html.replace(
    TAG,
    (_, declaration?: string, name = "", attributes = "") =>
      declaration === "!" ? "\n" : tagText(name, attributes),
  ));
}

function tagText(name: string, attributes: string): string {
  const values = [...attributes.matchAll(ATTRIBUTE)].flatMap(([, key = "", ...texts]) => {
    const value = texts.find((text) => text !== undefined) ?? "";
    return /^xmlns/i.test(key) || !/[.:@&]/.test(value) ? [] : [value];
  });
  if (values.length === 0) return INSIDE_WORD.test(name) ? "" : "\n";
  return `\n${values.join("\n")}\n`;
}

/** A text with the characters that entities of HTML stand for. */
export function decodeEntities(text: string): string {
  return text.replace(ENTITY, (all, hex?: string, decimal?: string, name = "") => {
    if (name !== "") return ENTITIES.get(name.toLowerCase()) ?? all;
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
