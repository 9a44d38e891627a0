import { join } from "node:path";

/** The path of a file that is not there yet, in a folder of its own. */
export async function temporaryFile(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-" });
  return {
    path: join(folder, "data", "cybexp.db"),
    remove: () => Deno.remove(folder, { recursive: true }),
  };
}
