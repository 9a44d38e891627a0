/**
 * Revokes the permissions to read and write files, to read the environment and system information,
 * and to start programs, for the rest of the process and for all its code. So a private key that is
 * loaded cannot be read a second time. Workers that were started before keep their permissions.
 *
 * Open databases stay usable, SQLite's with all their files, and hosts can still be connected to.
 * Deno 2.4 does not revoke access to files if `-A` allowed everything.
 */
export async function revokePermissions(): Promise<void> {
  for (const name of ["read", "write", "env", "sys", "run", "ffi"] as const) {
    await Deno.permissions.revoke({ name });
  }
}
