/** Makes the executables dist/cybexp-archive and dist/cybexp-report: `deno task compile`. */
import { permissions } from "./permissions.ts";

for (const [program, flags] of Object.entries(permissions)) {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", "--quiet", ...flags, "--output", `dist/cybexp-${program}`, `${program}.ts`],
    cwd: new URL("..", import.meta.url),
  }).spawn().status;
  if (!success) Deno.exit(1);
}
