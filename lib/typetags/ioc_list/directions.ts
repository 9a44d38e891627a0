/** Marks that set the direction in which text runs: programs put them around names of mixed scripts. */
const DIRECTIONS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text without invisible marks of its direction. */
export function withoutDirections(text: string): string {
  return text.replaceAll(DIRECTIONS, "");
}
