import { type Fields, isFields } from "../tahoe/value.ts";
import { tryParseJson } from "./storable_json.ts";

/** An object around a damaged list: what is whole of it, and the elements that are not. */
export type DamagedObject = { readonly object: Fields; readonly broken: readonly string[] };

/** A list in a text: its elements as they stand, whole or not. */
type Scan = {
  readonly elements: readonly string[];
  /** The text in pieces: what stands outside the lists, and the whole elements in them. */
  readonly outside: readonly string[];
  /** The brackets that close what is open behind the last piece, and behind the last list. */
  readonly closers: { readonly end: string; readonly list: string };
  /** Pieces up to the end of the last list. */
  readonly listEnd: number;
};

/** Brackets that may be open at a time; a text with more is not a damaged list of records. */
const MAX_OPEN = 1000;

/** Comments, which JSON does not know, before it. */
const COMMENTS = /^(?:\s|(?:\/\/|#)[^\n]*\n|\/\*[^*]*\*\/)*/;

/** Objects without a comma between them: JSON Lines. */
const LINES = /\}[^\S\n]*\n\s*\{/;

/**
 * The elements of an array of objects that is damaged: cut off, with a comma too many, with a comment
 * in it, or with elements that are not JSON. Undefined for other texts, and if no element is whole.
 */
export function damagedElements(text: string): readonly string[] | undefined {
  const json = text.replace(COMMENTS, "");
  if (!/^\[\s*\{/.test(json)) return undefined;
  const elements = scanLists(json)?.elements;
  return elements?.some(isWhole) ? elements : undefined;
}

/**
 * An object with lists of objects in it of which some are damaged, read without what is broken.
 * Undefined for other texts, and if no element of a list is whole.
 */
export function damagedObject(text: string): DamagedObject | undefined {
  const json = text.replace(COMMENTS, "");
  if (!json.startsWith("{") || LINES.test(json) || !/\[\s*\{/.test(json)) return undefined;
  if (json === text && tryParseJson(text) !== undefined) return undefined;
  const scan = scanLists(json);
  if (scan === undefined || !scan.elements.some(isWhole)) return undefined;
  const { outside, closers, listEnd } = scan;
  const object = tryParseJson(outside.join("") + closers.end) ??
    tryParseJson(outside.slice(0, listEnd).join("") + closers.list);
  const broken = scan.elements.filter((element) => !isWhole(element));
  return isFields(object) ? { object, broken } : undefined;
}

function isWhole(element: string): boolean {
  return isFields(tryParseJson(element));
}

/** Strings, which end at the end of a line at the latest, and brackets. */
const TOKEN = /"(?:[^"\\\n]|\\[^\n])*"?|[{}[\]]/g;

/** Finds the outermost lists of objects in a text, in one pass. */
function scanLists(text: string): Scan | undefined {
  const scanner = new ListScanner(text);
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (!scanner.take(token, index)) return undefined;
  }
  return scanner.end();
}

class ListScanner {
  readonly #open: string[] = [];
  readonly #elements: string[] = [];
  readonly #outside: string[] = [];
  /** How many brackets are open around the elements of the list; 0 outside lists. */
  #level = 0;
  /** Where what was not yet taken begins. */
  #from = 0;
  #first = true;
  #listEnd = 0;
  #listClosers = "";

  constructor(readonly text: string) {}

  /** Takes a token; false if too much is open. */
  take(token: string, index: number): boolean {
    if (token === "[" || token === "{") this.#openBracket(token, index);
    else if (token === "]" || token === "}") this.#closeBracket(token, index);
    return this.#open.length <= MAX_OPEN;
  }

  #openBracket(bracket: string, index: number): void {
    if (this.#level > 0 && this.#open.length === this.#level && bracket === "{") {
      this.#between(index);
    }
    this.#open.push(bracket);
    if (this.#level > 0 || bracket === "{") return;
    const next = this.text.slice(index + 1, index + 1 + LOOK_AHEAD).trimStart();
    if (!next.startsWith("{")) return;
    this.#outside.push(this.text.slice(this.#from, index + 1));
    this.#level = this.#open.length;
    this.#from = index + 1;
    this.#first = true;
  }

  #closeBracket(bracket: string, index: number): void {
    const at = this.#open.lastIndexOf(bracket === "]" ? "[" : "{");
    // What closes nothing, or the object around the list, is a part of a broken element.
    if (at < 0 || at < this.#level - 1) return;
    this.#open.length = at;
    if (this.#level === 0) return;
    if (at === this.#level) this.#add(index + 1);
    if (at === this.#level - 1) this.#endList(index);
  }

  /** Takes what stands before an element, which should be a comma. */
  #between(index: number): void {
    const rest = withoutCommas(this.text.slice(this.#from, index));
    if (rest !== "") this.#elements.push(rest);
    this.#from = index;
  }

  #add(end: number): void {
    const element = this.text.slice(this.#from, end);
    this.#from = end;
    for (const part of isWhole(element) ? [element] : this.#parts(element)) {
      this.#elements.push(part);
      if (!isWhole(part)) continue;
      this.#outside.push(this.#first ? part : `,${part}`);
      this.#first = false;
    }
  }

  /** A broken element, and those that an open quotation mark or bracket made a part of it. */
  #parts(element: string): readonly string[] {
    const [name] = /(?<=^\{\s*)"[^"\\\n]{1,100}"/.exec(this.#elements.find(isWhole) ?? element) ??
      [];
    if (name === undefined) return [element];
    const start = new RegExp(String.raw`,\s*(?=\{\s*${RegExp.escape(name)}\s*:)`);
    return element.split(start).flatMap((part) => {
      const bare = part.replace(/^\s+/, "").trimEnd();
      const closed = bare.replace(/\}[\s\]},]*$/, "}");
      return [isWhole(closed) ? closed : bare];
    });
  }

  #endList(index: number): void {
    // An element that is not closed ends where the list does.
    if (this.text.slice(this.#from, index).trimStart().startsWith("{")) this.#add(index);
    else this.#between(index);
    this.#outside.push("]");
    this.#from = index + 1;
    this.#level = 0;
    this.#listEnd = this.#outside.length;
    this.#listClosers = closing(this.#open);
  }

  end(): Scan {
    if (this.#level > 0) {
      this.#open.length = this.#level - 1;
      this.#endList(this.text.length);
    }
    this.#outside.push(this.text.slice(this.#from));
    return {
      elements: this.#elements,
      outside: this.#outside,
      closers: { end: closing(this.#open), list: this.#listClosers },
      listEnd: this.#listEnd,
    };
  }
}

/** Characters between the bracket of a list and its first element. */
const LOOK_AHEAD = 200;

function closing(open: readonly string[]): string {
  return open.map((bracket) => bracket === "{" ? "}" : "]").reverse().join("");
}

/** What stands between two elements, without commas and comments. */
function withoutCommas(text: string): string {
  const rest = text.replaceAll(/^[^\S\n]*(?:\/\/|#).*$/gm, "").replace(/^[\s,]+/, "");
  return rest.trimEnd();
}
