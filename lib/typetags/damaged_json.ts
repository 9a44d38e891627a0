import { withoutComments } from "../json_comments.ts";
import { type Fields, isFields } from "../tahoe/value.ts";
import { tryParseJson } from "./storable_json.ts";

/** An object around a damaged list: what is whole of it, and the elements that are not. */
export type DamagedObject = { readonly object: Fields; readonly broken: readonly string[] };

/** What stands in a list, and whether it is an object that could be read. */
type Element = { readonly text: string; readonly isWhole: boolean };

/** The lists in a text. */
type Scan = {
  readonly elements: readonly Element[];
  /** The text in pieces: what stands outside the lists, and the whole elements in them. */
  readonly outside: readonly string[];
  /** The brackets that close what is open behind the last piece, and behind the last list. */
  readonly closers: { readonly end: string; readonly list: string };
  /** Pieces up to the end of the last list. */
  readonly listEnd: number;
};

/** Brackets that are told apart when they are open at the same time; those deeper are counted only. */
const MAX_OPEN = 1000;

/** Objects without a comma between them: JSON Lines. */
const LINES = /\}[^\S\n]*\n\s*\{/;

/**
 * The elements of an array of objects that is damaged: cut off, with a comma too many, with a comment
 * in it, or with elements that are not JSON. Undefined for other texts, and if no element is whole.
 */
export function damagedElements(text: string): readonly string[] | undefined {
  const json = withoutComments(text);
  if (!/^\[\s*\{/.test(json)) return undefined;
  const { elements, outside } = scanLists(json);
  if (!elements.some(({ isWhole }) => isWhole)) return undefined;
  const rest = withoutCommas(outside.at(-1) ?? "");
  const texts = elements.map(({ text }) => text);
  return /^[;\]}\s]*$/.test(rest) ? texts : [...texts, rest];
}

/**
 * An object with lists of objects in it of which some are damaged, read without what is broken.
 * Undefined for other texts, and if no element of a list is whole.
 */
export function damagedObject(text: string): DamagedObject | undefined {
  const json = withoutComments(text);
  if (!json.startsWith("{") || LINES.test(json) || !/\[\s*\{/.test(json)) return undefined;
  if (json === text && tryParseJson(text) !== undefined) return undefined;
  const { elements, outside, closers, listEnd } = scanLists(json);
  if (!elements.some(({ isWhole }) => isWhole)) return undefined;
  const object = tryParseJson(outside.join("") + closers.end) ??
    tryParseJson(outside.slice(0, listEnd).join("") + closers.list);
  const broken = elements.flatMap(({ text, isWhole }) => isWhole ? [] : [text]);
  return isFields(object) ? { object, broken } : undefined;
}

function readElement(text: string): Element {
  return { text, isWhole: isFields(tryParseJson(text)) };
}

/** Strings, which end at the end of a line at the latest, and brackets. */
const TOKEN = /"(?:[^"\\\n]|\\[^\n])*"?|[{}[\]]/g;

/** Finds the outermost lists of objects in a text, in one pass. */
function scanLists(text: string): Scan {
  const scanner = new ListScanner(text);
  for (const { 0: token, index } of text.matchAll(TOKEN)) scanner.take(token, index);
  return scanner.end();
}

class ListScanner {
  readonly #open: string[] = [];
  readonly #elements: Element[] = [];
  /** The first name in the first whole element: others begin with it, too. */
  #name = "";
  /** Open brackets beyond those in `#open`, which are a part of a broken element. */
  #deeper = 0;
  readonly #outside: string[] = [];
  /** How many brackets are open around the elements of the list; 0 outside lists. */
  #level = 0;
  /** Where what was not yet taken begins. */
  #from = 0;
  #first = true;
  #listEnd = 0;
  #listClosers = "";

  constructor(readonly text: string) {}

  take(token: string, index: number): void {
    const isOpening = token === "[" || token === "{";
    if (!isOpening && token !== "]" && token !== "}") return;
    if (isOpening && this.#open.length === MAX_OPEN) this.#deeper++;
    else if (isOpening) this.#openBracket(token, index);
    else if (this.#deeper > 0) this.#deeper--;
    else this.#closeBracket(token, index);
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
    if (rest !== "") this.#elements.push({ text: rest, isWhole: false });
    this.#from = index;
  }

  #add(end: number): void {
    const element = readElement(this.text.slice(this.#from, end));
    this.#from = end;
    for (const part of element.isWhole ? [element] : this.#parts(element)) {
      this.#elements.push(part);
      if (!part.isWhole) continue;
      this.#outside.push(this.#first ? part.text : `,${part.text}`);
      this.#first = false;
      this.#name ||= FIRST_NAME.exec(part.text)?.[0] ?? "";
    }
  }

  /** A broken element, and those that an open quotation mark or bracket made a part of it. */
  #parts(element: Element): readonly Element[] {
    const name = this.#name || FIRST_NAME.exec(element.text)?.[0];
    if (name === undefined) return [element];
    const start = new RegExp(String.raw`,\s*(?=\{\s*${RegExp.escape(name)}\s*:)`);
    const [first = "", ...others] = element.text.split(start);
    if (others.length === 0) return [element];
    return [first, ...others].map((part) => {
      const bare = part.trim();
      const closed = readElement(bare.slice(0, balancedEnd(bare)));
      return closed.isWhole ? closed : { text: bare, isWhole: false };
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

/** Where the object at the start of a text is closed, if nothing but what closes others follows. */
function balancedEnd(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth++;
    if (token !== "}" && token !== "]" || --depth > 0) continue;
    return /^[\s\]},]*$/.test(text.slice(index + 1)) ? index + 1 : undefined;
  }
  return undefined;
}

const FIRST_NAME = /(?<=^\{\s*)"[^"\\\n]{1,100}"/;

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
