/** Gives optional fields one spelling, and forbids spreading a literal. */
export const SPREADS: Deno.lint.Rule = {
  create: (context) => ({
    SpreadElement({ argument, parent, range }) {
      const isInObject = parent.type === "ObjectExpression";
      if (argument.type === "ArrayExpression" || argument.type === "ObjectExpression") {
        const message = "A literal must not be spread: write its members in its place";
        context.report({ range: [range[0], argument.range[1]], message });
      } else if (isInObject && isEmptyOtherwise(argument)) {
        const message = "An optional field must be spelled ...(condition && { field })";
        context.report({ range: [range[0], argument.range[1]], message });
      } else if (isInObject && isAnd(argument)) {
        const between = context.sourceCode.text.slice(range[0], argument.range[0]);
        if (between.includes("(")) return;
        const message = "An optional field needs parentheses: ...(condition && { field })";
        context.report({ range: [range[0], argument.range[1]], message });
      }
    },
  }),
};

function isEmptyOtherwise(node: Deno.lint.Expression): boolean {
  return node.type === "ConditionalExpression" &&
    [node.consequent, node.alternate].some((branch) =>
      branch.type === "ObjectExpression" && branch.properties.length === 0
    );
}

function isAnd(node: Deno.lint.Expression): boolean {
  return node.type === "LogicalExpression" && node.operator === "&&";
}
