const DARK = matchMedia("(prefers-color-scheme: dark)");

/** The value of a colour of page.css, for what is drawn on a canvas. */
export function themeColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Calls a function when the reader changes between light and dark. */
export function onColourChange(redraw: () => void): void {
  DARK.addEventListener("change", redraw);
}
