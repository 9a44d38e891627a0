import { stat } from "node:fs/promises";
import type { Finding } from "../finding.ts";
import { isDiskFull } from "./full_disk.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Sqlite } from "./sqlite.ts";

const READABLE_BY_OTHERS = 0o044;

/** Inspects an opened database file: whether it can be written, and who can read it. */
export async function inspectSqlite(sqlite: Sqlite, path: string): Promise<Finding[]> {
  if (sqlite.readOnly && isDiskFull(path)) {
    return [{
      level: "fail",
      text: `the disk is full: ${path} can be read, but not written`,
      advice: "Make room on it",
    }];
  }
  if (sqlite.readOnly) {
    return [{
      level: "warn",
      text: `${path} can be read, but not written`,
      advice: "Only commands that read work: check the file system, and mode and owner of the file",
    }];
  }
  // Only a write that changes a page shows that the disk has room; this one changes nothing else.
  await sqlite.write((prepare) => prepare(`PRAGMA user_version = ${MIGRATIONS.length}`).run());
  const { mode } = await stat(path);
  const findings: Finding[] = [{ level: "ok", text: `${path} can be read and written` }];
  if (mode & READABLE_BY_OTHERS) {
    findings.push({
      level: "warn",
      text: `${path} can be read by others (mode ${(mode & 0o777).toString(8)})`,
      advice: `chmod 600 ${path}*`,
    });
  }
  return findings;
}
