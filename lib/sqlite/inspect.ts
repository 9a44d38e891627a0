import { stat } from "node:fs/promises";
import type { Finding } from "../finding.ts";
import type { Connection } from "./sqlite.ts";

const READABLE_BY_OTHERS = 0o044;

/** Inspects an opened database file: whether it can be written, and who can read it. */
export async function inspectSqlite(sqlite: Connection, path: string): Promise<Finding[]> {
  await sqlite.write(() => {});
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
