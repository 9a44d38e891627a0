const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);

/**
 * Requires the strict assertions of tests/assert.ts, which show the values they compare: those that
 * Deno exports from "node:assert/strict" by name are loose.
 */
export const ASSERTIONS: Deno.lint.Rule = {
  create: (context) => ({
    ImportDeclaration(node) {
      if (!/^(?:node:)?assert(?:\/strict)?$/.test(String(node.source.value))) return;
      context.report({ node, message: "Import from tests/assert.ts, whose assertions are strict" });
    },
    CallExpression(node) {
      const [condition, ...rest] = node.arguments;
      if (!isOk(node.callee) || condition === undefined || rest.length > 0) return;
      if (!isComparison(condition)) return;
      context.report({ node, message: "Show the value: ok(a < b, String(a))" });
    },
  }),
};

/** Recognises `ok`, `assert` and `assert.ok`. */
function isOk(callee: Deno.lint.Expression): boolean {
  if (callee.type === "Identifier") return callee.name === "ok" || callee.name === "assert";
  return callee.type === "MemberExpression" && callee.property.type === "Identifier" &&
    callee.property.name === "ok" && callee.object.type === "Identifier" &&
    callee.object.name === "assert";
}

function isComparison(node: Deno.lint.Node): boolean {
  if (node.type === "LogicalExpression") return isComparison(node.left) || isComparison(node.right);
  return node.type === "BinaryExpression" && COMPARISONS.has(node.operator);
}
