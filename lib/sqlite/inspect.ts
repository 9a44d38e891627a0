import { stat } from "node:fs/promises";
import type { Finding } from "../finding.ts";
import type { Jobs } from "./sqlite.ts";

const READABLE_BY_OTHERS = 0o044;

/** Looks at an opened database file: whether it can be written, and by whom it can be read. */
export async function inspectSqlite(sqlite: Jobs, path: string): Promise<Finding[]> {
  await sqlite.write(() => {});
  const { mode } = await stat(path);
  const found: Finding[] = [{ level: "ok", text: `${path} can be read and written` }];
  if (mode & READABLE_BY_OTHERS) {
    found.push({
      level: "warn",
      text: `${path} can be read by others (mode ${(mode & 0o777).toString(8)})`,
      advice: `chmod 600 ${path}*`,
    });
  }
  return found;
}
