/** Compiles the executables dist/cybexp-archive and dist/cybexp-report: `deno task compile`. */
import { PERMISSIONS } from "./permissions.ts";
import { programConfig } from "./program_config.ts";

/** Keeps the runtime from loading cached code from /tmp, where anybody could have put some. */
const NO_CODE_FROM_TMP = "--no-code-cache";

/** Collects garbage early: by default V8 keeps four times as much as is in use, and still grows. */
const SMALL_HEAP = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=50";

/** Modules that a program starts as threads: the compiler does not find them by itself. */
const THREADS: { readonly [program: string]: readonly string[] } = {
  archive: ["lib/lake/filter_worker.ts"],
  report: [],
};

const ROOT = new URL("..", import.meta.url);
const CONFIG = new URL("dist/deno.json", ROOT);
/** Versions and hashes of packages; a copy, because Deno takes those out that are not used. */
const LOCK = new URL("dist/deno.lock", ROOT);

await Deno.mkdir(new URL("dist", ROOT), { recursive: true });
const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
await Deno.writeTextFile(CONFIG, JSON.stringify(programConfig(config)));
await Deno.copyFile(new URL("deno.lock", ROOT), LOCK);

for (const [program, flags] of Object.entries(PERMISSIONS)) {
  const output = `dist/cybexp-${program}`;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--quiet",
      "--config=dist/deno.json",
      "--lock=dist/deno.lock",
      NO_CODE_FROM_TMP,
      SMALL_HEAP,
      ...flags,
      ...THREADS[program]!.flatMap((module) => ["--include", module]),
      "--output",
      output,
      `${program}.ts`,
    ],
    cwd: ROOT,
  }).spawn().status;
  if (!success) Deno.exit(1);
}

await Promise.all([Deno.remove(CONFIG), Deno.remove(LOCK)]);
