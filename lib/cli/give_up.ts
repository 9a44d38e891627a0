/**
 * Gives up, for the rest of the process and whatever it imports, to read files, the environment and
 * the system, and to start programs: a private key that was loaded cannot be read a second time. And
 * to write files, unless the process goes on `writing` one; even that one can be renamed no more.
 *
 * Databases that are open stay usable, SQLite's with all their files; hosts can be connected to.
 * Deno 2.4 gives up no files where `-A` allowed everything.
 */
export async function giveUpFiles({ writing }: { readonly writing: boolean }): Promise<void> {
  for (const name of ["read", "env", "sys", "run", "ffi"] as const) {
    await Deno.permissions.revoke({ name });
  }
  if (!writing) await Deno.permissions.revoke({ name: "write" });
}
