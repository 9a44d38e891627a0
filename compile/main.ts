/** Makes the executables dist/cybexp-archive and dist/cybexp-report: `deno task compile`. */
import { permissions } from "./permissions.ts";

/** Where the runtime would look for compiled code, in /tmp, anybody could have put some. */
const NO_CODE_FROM_TMP = "--no-code-cache";

/** Garbage is collected early: V8 would let four times as much lie as is in use, and go on growing. */
const SMALL_HEAP = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=50";

for (const [program, flags] of Object.entries(permissions)) {
  const output = `dist/cybexp-${program}`;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["compile", "--quiet", NO_CODE_FROM_TMP, SMALL_HEAP, ...flags],
      ...["--output", output, `${program}.ts`],
    ],
    cwd: new URL("..", import.meta.url),
  }).spawn().status;
  if (!success) Deno.exit(1);
}
