/** Wording to avoid, and what to write instead. */
type Wording = { readonly pattern: RegExp; readonly message: string };

/** Applies to all prose. */
export const PROSE: readonly Wording[] = [
  {
    pattern: /\b(?:he|his|him|himself)\b/i,
    message: 'A person is "they": write they, their or them',
  },
  {
    pattern:
      /(?<!\bthere )\b(?:is|are) no (?!(?:better|faster|fewer|larger|less|longer|more|slower|worse)\b)/i,
    message: 'Write "is not a …" or "are not …"; only "there is no …" may stay',
  },
];

/** Applies to the doc comment of a symbol, which an editor shows as its tooltip. */
export const DOCUMENTATION: readonly Wording[] = [
  {
    pattern: /^(?:Of|In which)\b/,
    message: "A doc comment must begin with a noun or a verb",
  },
  {
    pattern: /\bThrows\b/,
    message: "Write @throws {Name} when …",
  },
];

/** Applies to the text of an error, in which `…` stands for each part that varies. */
export const ERROR_TEXT: readonly Wording[] = [
  ...PROSE,
  {
    pattern: /\ba text\b(?! (?:field|file|form)\b)|\bbe texts\b|\bno text (?=\S)/,
    message: 'A JavaScript string is a string, not a text: write "is not a string"',
  },
  {
    pattern: /^(?:an?|cannot|no|the|this)\b/,
    message: "An error text must begin with a capital or with the name of a field",
  },
  {
    pattern: /(?<!\.)\.$/,
    message: "An error text must not end with a full stop",
  },
];

/** Messages about the wordings found in a text. */
export function faultsOf(text: string, wordings: readonly Wording[]): string[] {
  return wordings.filter(({ pattern }) => pattern.test(text)).map(({ message }) => message);
}
