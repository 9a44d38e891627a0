import { ERROR_TEXT, faultsOf } from "./wording.ts";

/** Errors whose class does not end with "Error". */
const OTHER_ERRORS = /^(?:AnswerTooLarge|Rejected|StillReferred|StoreUnavailable)$/;

/** Holds the texts of errors to plain English and to one form. */
export const ERROR_TEXTS: Deno.lint.Rule = {
  create: (context) => ({
    NewExpression({ callee, arguments: given }) {
      if (!isError(nameOf(callee))) return;
      for (const argument of given) {
        for (const message of faultsOf(textOf(argument), ERROR_TEXT)) {
          context.report({ node: argument, message });
        }
      }
    },
  }),
};

/** Leaves out Commander's InvalidArgumentError: its text is a sentence that follows another one. */
function isError(name: string): boolean {
  return name !== "InvalidArgumentError" && (name.endsWith("Error") || OTHER_ERRORS.test(name));
}

function nameOf(callee: Deno.lint.Expression): string {
  if (callee.type === "MemberExpression") return nameOf(callee.property as Deno.lint.Expression);
  return callee.type === "Identifier" ? callee.name : "";
}

/** The text of a string, template or sum of these; `…` for what varies. */
function textOf(node: Deno.lint.Node): string {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" ? node.value : "…";
    case "TemplateLiteral":
      return node.quasis.map(({ cooked }) => cooked).join("…");
    case "BinaryExpression":
      return textOf(node.left) + textOf(node.right);
    default:
      return "…";
  }
}
