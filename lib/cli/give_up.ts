/**
 * Gives up, for the rest of the process and whatever it imports, to read files, the environment and
 * the system, and to start programs: a private key that was loaded cannot be read a second time.
 *
 * Databases that are open stay usable, SQLite's with all their files; hosts can be connected to and
 * files be written, but not renamed. Deno 2.4 gives up no files where `-A` allowed everything.
 */
export async function giveUpReading(): Promise<void> {
  for (const name of ["read", "env", "sys", "run", "ffi"] as const) {
    await Deno.permissions.revoke({ name });
  }
}
