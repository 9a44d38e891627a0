import { isWrittenOut } from "./written_out.ts";

/** Requires names in UPPER_SNAKE for constants: values written out at the top level of a module. */
export const CONSTANT_NAMES: Deno.lint.Rule = {
  create: (context) => ({
    VariableDeclarator({ id, init, parent }) {
      if (!isConstant(parent) || id.type !== "Identifier" || init === null) return;
      if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(id.name) || !isWrittenOut(init)) return;
      const message = `A constant must be in UPPER_SNAKE: write ${upperSnake(id.name)}`;
      context.report({ node: id, message });
    },
  }),
};

function isConstant({ kind, parent }: Deno.lint.VariableDeclaration): boolean {
  return kind === "const" &&
    (parent.type === "Program" || parent.type === "ExportNamedDeclaration");
}

function upperSnake(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase();
}
