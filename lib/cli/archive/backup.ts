import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import type { Config } from "../../config.ts";
import { log } from "../../log.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";

/** The copy of a database file. */
type Copy = { readonly database: string; readonly copy: string; readonly bytes: number };

const SQLITE = "sqlite:";
const OTHERS = "MongoDB is backed up with mongodump or by a snapshot of its disk";

export function backupCommand(context: Context): Command {
  return newCommand("backup", "copy the SQLite database, while the programs work on it", [
    "archive backup /var/backups/cybexp-2026-11-22.db",
    "archive backup /var/backups/2026-11-22     a folder: the copy has the database's name",
  ])
    .argument("<target>", "the copy, or a folder for it; nothing is replaced")
    .action((target: string) => backUp(context, resolve(target)));
}

async function backUp(context: Context, target: string): Promise<void> {
  const urls = databaseUrls(await context.config());
  const files = urls.filter((url) => url.startsWith(SQLITE));
  const isFolder = await Deno.stat(target).then((info) => info.isDirectory, () => false);
  if (files.length === 0) throw new RangeError(`No SQLite database to back up: ${OTHERS}`);
  if (files.length > 1 && !isFolder) {
    throw new RangeError(
      `Cannot back up ${files.length} databases to one file: give a folder that is there`,
    );
  }
  if (files.length < urls.length) log.warn(`Only what lies in SQLite is copied: ${OTHERS}`);
  const copies: Copy[] = [];
  for (const url of files) {
    const database = url.slice(SQLITE.length);
    const copy = isFolder ? join(target, basename(database)) : target;
    await context.backUp(database, copy);
    copies.push({ database, copy, bytes: (await Deno.stat(copy)).size });
  }
  context.show(copies, () => copies.map(formatCopy).join("\n"));
}

/** The lake first: an upload that its copy says is archived is in the later copy of the archive. */
function databaseUrls({ cache, archive, identity, report }: Config): string[] {
  return [...new Set([cache.url, archive.url, identity.url, report.url])];
}

function formatCopy({ database, copy, bytes }: Copy): string {
  return `Copied ${database} to ${copy}: ${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
