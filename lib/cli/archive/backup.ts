import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import type { Config } from "../../config.ts";
import { log } from "../../log.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";

/** A copy of a database file. */
type DatabaseCopy = { readonly database: string; readonly copy: string; readonly bytes: number };

const SQLITE_SCHEME = "sqlite:";
const MONGODB_ADVICE = "back up MongoDB with mongodump or a snapshot of its disk";

export function backupCommand(context: Context): Command {
  return newCommand("backup", "copy the SQLite database while the programs are working on it", [
    "archive backup /var/backups/cybexp-2026-11-22.db",
    "archive backup /var/backups/2026-11-22     to a folder, under the database's name",
  ])
    .argument("<target>", "file to copy to, or a folder for the copy; never replaces a file")
    .action((target: string) => backUp(context, resolve(target)));
}

async function backUp(context: Context, target: string): Promise<void> {
  const urls = databaseUrls(await context.config());
  const files = urls.filter((url) => url.startsWith(SQLITE_SCHEME));
  const isFolder = await Deno.stat(target).then((info) => info.isDirectory, () => false);
  if (files.length === 0) {
    throw new RangeError(`Cannot back up: no database is in SQLite; ${MONGODB_ADVICE}`);
  }
  if (files.length > 1 && !isFolder) {
    throw new RangeError(
      `Cannot back up ${files.length} databases to one file: give an existing folder`,
    );
  }
  if (files.length < urls.length) log.warn(`Copying only what is in SQLite; ${MONGODB_ADVICE}`);
  const copies: DatabaseCopy[] = [];
  for (const url of files) {
    const database = url.slice(SQLITE_SCHEME.length);
    const copy = isFolder ? join(target, basename(database)) : target;
    await context.backUp(database, copy);
    copies.push({ database, copy, bytes: (await Deno.stat(copy)).size });
  }
  context.show(copies, () => copies.map(formatCopy).join("\n"));
}

/**
 * Lists the URLs of all databases, the lake's first: an upload that is archived in the copy of the
 * lake must be in the copy of the archive, which is therefore made later.
 */
function databaseUrls({ cache, archive, identity, report }: Config): string[] {
  return [...new Set([cache.url, archive.url, identity.url, report.url])];
}

function formatCopy({ database, copy, bytes }: DatabaseCopy): string {
  const size = bytes < 2 ** 20
    ? `${Math.ceil(bytes / 1024)} KiB`
    : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return `Copied ${database} to ${copy}: ${size}`;
}
