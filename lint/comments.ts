import { DOCUMENTATION, faultsOf, PROSE } from "./wording.ts";

type Comment = Deno.lint.BlockComment | Deno.lint.LineComment;

/** Holds comments to plain English, and doc comments to what a tooltip needs. */
export const COMMENTS: Deno.lint.Rule = {
  create: (context) => ({
    Program() {
      const { sourceCode } = context;
      for (const comment of joined(sourceCode.getAllComments(), sourceCode.text)) {
        const wordings = isDocumentation(comment) ? [...PROSE, ...DOCUMENTATION] : PROSE;
        for (const message of faultsOf(textOf(comment), wordings)) {
          context.report({ range: comment.range, message });
        }
      }
    },
  }),
};

/** Merges consecutive line comments: a sentence may span several of them. */
function joined(comments: readonly Comment[], source: string): Comment[] {
  const found: Comment[] = [];
  for (const comment of comments) {
    const last = found.at(-1);
    if (last !== undefined && isContinued(last, comment, source)) {
      last.value += `\n${comment.value}`;
      last.range = [last.range[0], comment.range[1]];
    } else {
      found.push({ ...comment });
    }
  }
  return found;
}

function isContinued(comment: Comment, next: Comment, source: string): boolean {
  return comment.type === "Line" && next.type === "Line" &&
    source.slice(comment.range[1], next.range[0]).trim() === "";
}

function isDocumentation({ type, value }: Comment): boolean {
  return type === "Block" && value.startsWith("*");
}

/** The text on one line, without the stars in the margin. */
function textOf({ value }: Comment): string {
  return value.replace(/^\*|\n\s*\*/g, " ").replace(/\s+/g, " ").trim();
}
