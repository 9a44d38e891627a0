/**
 * Gives up, for the rest of the process and whatever it imports, to read and write files, to look at
 * the environment and the system, and to start programs: a private key that was loaded cannot be
 * read a second time. Workers that were started before keep what they were given.
 *
 * Databases that are open stay usable, SQLite's with all their files; hosts can be connected to.
 * Deno 2.4 gives up no files where `-A` allowed everything.
 */
export async function revokePermissions(): Promise<void> {
  for (const name of ["read", "write", "env", "sys", "run", "ffi"] as const) {
    await Deno.permissions.revoke({ name });
  }
}
