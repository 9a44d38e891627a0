import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The command that starts a program in tests: its source with these permissions, or, if
 * CYBEXP_TEST_BINARIES names a folder of executables, the executable with its built-in permissions.
 */
export function commandOf(
  program: string,
  permissions: readonly string[],
): { readonly path: string; readonly args: readonly string[] } {
  const folder = Deno.env.get("CYBEXP_TEST_BINARIES");
  if (folder) return { path: join(folder, `cybexp-${program}`), args: [] };
  const source = fileURLToPath(new URL(`../${program}.ts`, import.meta.url));
  return { path: Deno.execPath(), args: ["run", "--quiet", ...permissions, source] };
}
