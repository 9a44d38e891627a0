/** Height of a row of a long list in pixels; on a narrow screen a row has two lines. */
export function rowHeight(): number {
  return NARROW.matches ? 54 : 32;
}

/** Screens on which columns go below each other; as in page.css. */
export const NARROW = matchMedia("(max-width: 640px)");
