type Node = Deno.lint.Node;

/** Classes whose instances are constants if they are made of arguments that are written out. */
const CLASSES: ReadonlySet<string> = new Set([
  "Map",
  "RegExp",
  "Set",
  "TextDecoder",
  "TextEncoder",
  "Uint8Array",
]);

/** Names in lower or mixed case that stand for values of the language. */
const NAMED_VALUES: ReadonlySet<string> = new Set(["Infinity", "NaN", "Number", "undefined"]);

/**
 * True if the source shows the whole value: literals, other constants, and what is composed of
 * these. An empty list, object, Map or Set is not a constant: something will fill it.
 */
export function isWrittenOut(node: Node): boolean {
  switch (node.type) {
    case "ArrayExpression":
      return node.elements.length > 0 && isPart(node);
    case "ObjectExpression":
      return node.properties.length > 0 && isPart(node);
    case "NewExpression":
      return isMadeOfParts(node);
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return false;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return isWrittenOut(node.expression);
    default:
      return isPart(node);
  }
}

/** True if the node may be part of a constant. Unlike a whole one, it may be empty or a function. */
function isPart(node: Node): boolean {
  switch (node.type) {
    case "Literal":
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return true;
    case "Identifier":
      return NAMED_VALUES.has(node.name) || /^[A-Z][A-Z0-9_]*$/.test(node.name);
    case "NewExpression":
      return isMadeOfParts(node);
    default:
      return partsOf(node)?.every(isPart) ?? false;
  }
}

function isMadeOfParts({ callee, arguments: given }: Deno.lint.NewExpression): boolean {
  if (callee.type !== "Identifier" || !CLASSES.has(callee.name)) return false;
  return callee.name.startsWith("Text") || given.length > 0 && given.every(isWrittenOut);
}

/** The nodes that a node is composed of; undefined if it is more than a composition. */
function partsOf(node: Node): Node[] | undefined {
  switch (node.type) {
    case "ArrayExpression":
      return node.elements;
    case "ObjectExpression":
      return node.properties;
    case "Property":
      return [node.value];
    case "SpreadElement":
    case "UnaryExpression":
      return [node.argument];
    case "BinaryExpression":
      return [node.left, node.right];
    case "TemplateLiteral":
      return node.expressions;
    case "TaggedTemplateExpression":
      return node.quasi.expressions;
    case "MemberExpression":
      return node.computed ? [node.object, node.property] : [node.object];
    case "CallExpression":
      return node.callee.type === "MemberExpression" ? [node.callee, ...node.arguments] : undefined;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return [node.expression];
  }
}
