import { join } from "node:path";

/** Returns the path of a file that does not exist yet; `remove` deletes its temporary folder. */
export async function temporaryFile(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await Deno.makeTempDir({ prefix: "cybexp-" });
  return {
    path: join(folder, "data", "cybexp.db"),
    remove: () => Deno.remove(folder, { recursive: true }),
  };
}
