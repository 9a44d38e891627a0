type Callable = {
  readonly range: Deno.lint.Range;
  readonly params: readonly Deno.lint.Parameter[];
};

/** Requires an object of options in the place of a fourth parameter. */
export const PARAMETERS: Deno.lint.Rule = {
  create(context) {
    const check = ({ range, params }: Callable) => {
      const count = params.filter((param) => !isThis(param)).length;
      if (count <= 3) return;
      const message = `${count} parameters: take at most two, and an object of options`;
      context.report({ range, message });
    };
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      TSDeclareFunction: check,
      TSEmptyBodyFunctionExpression: check,
      TSFunctionType: check,
      TSMethodSignature: check,
      ArrowFunctionExpression(node) {
        if (isNamed(node.parent)) check(node);
      },
    };
  },
};

function isThis(param: Deno.lint.Parameter): boolean {
  return param.type === "Identifier" && param.name === "this";
}

/** True if an arrow function there has a name. For others, the function they go to sets the form. */
function isNamed({ type }: Deno.lint.Node): boolean {
  return type === "VariableDeclarator" || type === "PropertyDefinition";
}
