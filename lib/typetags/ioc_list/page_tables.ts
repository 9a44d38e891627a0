/** A table inside a page of Markdown or of a wiki. */
export type PageTable = {
  /** The line of the header, from 0. */
  readonly at: number;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** `|---|:--:|`: what stands between header and rows in Markdown. */
const RULER = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;
/** `||Name||Type||`: a header in Confluence and Jira. */
const WIKI_HEADER = /^\s*\|\|[^|^]+(?:\|\|[^|^]+)+\|\|\s*$/;

/** Finds the tables in a page, and the numbers of its other lines, from 0. */
export function takeTables(
  lines: readonly string[],
): { readonly tables: readonly PageTable[]; readonly rest: readonly number[] } {
  const tables: PageTable[] = [];
  const rest: number[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const isWiki = WIKI_HEADER.test(line) && /^\s*\|(?!\|)/.test(lines[at + 1] ?? "");
    const isMarkdown = line.includes("|") && isRuler(lines[at + 1]);
    if (!isWiki && !isMarkdown) {
      rest.push(at);
      continue;
    }
    const first = at + (isWiki ? 1 : 2);
    let end = first;
    while (end < lines.length && lines[end]!.includes("|") && !isRuler(lines[end + 1])) end++;
    const header = isWiki ? line.trim().replace(/^\|\||\|\|$/g, "").split("||") : cellsOf(line);
    const rows = lines.slice(first, end).map(cellsOf);
    tables.push({ at, header: header.map(withoutMarkup), rows });
    at = end - 1;
  }
  return { tables, rest };
}

function isRuler(line: string | undefined): boolean {
  return line !== undefined && line.includes("|") && RULER.test(line);
}

function cellsOf(line: string): readonly string[] {
  const plain = line.trim().replace(/\[([^\]|]*)\|[^\]|]*\](?!\()/g, "$1");
  const inner = plain.replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => withoutMarkup(cell.replaceAll("\\|", "|")));
}

/** A cell without the signs for bold, code, links and line breaks. */
function withoutMarkup(cell: string): string {
  return cell.replace(/\[([^\]]*)\]\([^)\s]*\)/g, "$1").replace(/<br\s*\/?>/gi, " ")
    .replace(/\*\*|__|~~|`/g, "").trim();
}

/** `+----+-----+`, `├────┼─────┤`: what programs for the terminal draw around rows. */
const BORDER = /^\s*[+┌├└╔╠╚╭╰][-=+─═┬┼┴┐┤┘╦╬╩╗╣╝╮╯\s]+$/;

/** Lines without the borders of tables, and with plain bars between their cells. */
export function plainTables(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !BORDER.test(line)).map((line) => line.replaceAll(/[│┃║¦]/g, "|"));
}
