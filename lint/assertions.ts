const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);

/** Requires assertions that are imported by name, and show the values they compare. */
export const ASSERTIONS: Deno.lint.Rule = {
  create: (context) => ({
    ImportDeclaration({ source, specifiers }) {
      if (!/^(?:node:)?assert(?:\/strict)?$/.test(String(source.value))) return;
      for (const node of specifiers.filter(({ type }) => type !== "ImportSpecifier")) {
        const message = 'Import by name: import { equal, ok } from "node:assert/strict"';
        context.report({ node, message });
      }
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
