import type { NamedValue } from "./answer.ts";

/** Returns the address of the page that answers about a value; undefined if there is none. */
export type ValueLink = (value: NamedValue) => string | undefined;

let linkOf: ValueLink = () => undefined;

/** Makes values links from now on. A page without a server has none. */
export function linkValues(link: ValueLink): void {
  linkOf = link;
}

/** The address of the page that answers about a value; undefined if there is none. */
export function valueLink(value: NamedValue): string | undefined {
  return linkOf(value);
}
