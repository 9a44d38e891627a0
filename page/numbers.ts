const WHOLE = new Intl.NumberFormat("en-US");

/** Writes a whole number with commas: `12,345`. */
export function numberText(number: number): string {
  return WHOLE.format(number);
}

/** Writes a number with its noun, which gets an s unless there is one: `1 event`, `2 events`. */
export function counted(number: number, noun: string): string {
  return `${numberText(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** Writes a number with four significant digits, and a true minus sign. */
export function rankText(rank: number): string {
  return rank.toPrecision(4).replace(/(\.\d*?)0+($|e)/, "$1$2").replace(/\.($|e)/, "$1")
    .replaceAll("-", "−");
}
