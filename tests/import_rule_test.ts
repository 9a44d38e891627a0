import { deepEqual } from "./assert.ts";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PROGRAMS = ["archive.ts", "report.ts", "stores.ts"];
const DRIVERS: { readonly [driver: string]: string } = {
  "mongodb": "lib/mongo",
  "node:sqlite": "lib/sqlite",
};

/** The folders that each folder may import from besides itself; `lib` is for files directly in it. */
const MAY_IMPORT: { readonly [folder: string]: readonly string[] } = {
  "lib/cli/archive": [
    "lib/cli",
    "lib/lake",
    "lib/typetags",
    "lib/identity",
    "lib/envelope",
    "lib/tahoe",
    "lib/metrics",
    "lib/text",
    "lib",
  ],
  "lib/cli/report": [
    "lib/answers",
    "lib/answers/export",
    "lib/cli/report/lookup",
    "lib/cli",
    "lib/pasted",
    "lib/config",
    "lib/door",
    "lib/tdql",
    // The commands decide when the graph is read into memory.
    "lib/graph",
    "lib/indicators",
    "lib/identity",
    "lib/envelope",
    "lib/tahoe",
    "lib/metrics",
    "lib",
  ],
  "lib/cli/report/lookup": [
    "lib/answers",
    "lib/answers/export",
    "lib/cli/report",
    "lib/cli",
    "lib/pasted",
    "lib/tdql",
    "lib/indicators",
    "lib/tahoe",
    "lib/text",
    "lib",
  ],
  "lib/pasted": [
    // An indicator is looked up as the typetag `ioc_list` reads it, and what is whole of damaged JSON;
    // a mail is taken apart as `email` does.
    "lib/typetags/ioc_list",
    "lib/typetags/email",
    "lib/typetags",
    "lib/indicators",
    "lib/tahoe",
    "lib",
  ],
  // What answers come to, in words and in other formats.
  "lib/answers": ["lib/tdql", "lib/indicators", "lib/tahoe", "lib"],
  "lib/answers/export": ["lib/answers", "lib/answers/export/page", "lib/tahoe", "lib"],
  "lib/answers/export/page": ["lib/answers", "lib/tahoe"],
  "lib/door": [
    "lib/answers/export/page",
    "lib/graph",
    "lib/door/python_api",
    "lib/door/taxii",
    "lib/door/v1",
    "lib/lake",
    "lib/tdql",
    "lib/identity",
    "lib/envelope",
    "lib/tahoe",
    "lib/metrics",
    "lib/text",
    "lib",
  ],
  "lib/door/python_api": ["lib/door", "lib/tdql", "lib/identity", "lib/tahoe"],
  "lib/door/taxii": [
    "lib/answers/export",
    "lib/door",
    "lib/graph",
    "lib/identity",
    "lib/tahoe",
    "lib",
  ],
  "lib/door/v1": [
    "lib/answers",
    "lib/answers/export",
    "lib/door",
    "lib/pasted",
    "lib/tdql",
    "lib/indicators",
    "lib/identity",
    "lib/tahoe",
    "lib",
  ],
  // Context names every store.
  "lib/cli": [
    "lib/lake",
    "lib/tdql",
    "lib/graph",
    "lib/envelope",
    "lib/tahoe",
    "lib/metrics",
    "lib",
    "lib/config",
  ],
  "lib/lake": [
    "lib/lake/connected",
    "lib/lake/forget",
    "lib/lake/split",
    "lib/typetags",
    "lib/envelope",
    "lib/packed",
    "lib/tahoe",
    "lib/text",
    "lib",
  ],
  "lib/lake/forget": ["lib/lake", "lib/tahoe", "lib"],
  "lib/lake/split": ["lib"],
  "lib/lake/connected": [
    "lib/lake/split",
    "lib/typetags/misp",
    "lib/typetags/stix",
    "lib/tahoe",
    "lib",
  ],
  "lib/typetags": [
    "lib/typetags/email",
    "lib/typetags/guess",
    "lib/typetags/ioc_list",
    "lib/typetags/misp",
    "lib/typetags/stix",
    "lib/indicators",
    "lib/tahoe",
    "lib",
  ],
  "lib/typetags/email": ["lib/typetags", "lib/tahoe", "lib"],
  "lib/typetags/guess": ["lib/typetags/ioc_list", "lib/typetags"],
  "lib/typetags/ioc_list": ["lib/typetags", "lib/indicators", "lib/tahoe", "lib"],
  "lib/typetags/misp": ["lib/typetags", "lib/indicators", "lib/tahoe", "lib"],
  "lib/typetags/stix": ["lib/typetags", "lib/indicators", "lib/tahoe", "lib"],
  "lib/indicators": ["lib/tahoe", "lib"],
  "lib/tdql": ["lib/graph", "lib/identity", "lib/envelope", "lib/indicators", "lib/tahoe", "lib"],
  // The three answers are the entry points; what only one of them needs is in its folder.
  "lib/graph": [
    "lib/graph/related",
    "lib/graph/resident",
    "lib/graph/threatrank",
    "lib/tahoe",
    "lib",
  ],
  "lib/graph/resident": ["lib/graph", "lib/graph/threatrank", "lib/tahoe", "lib"],
  "lib/graph/related": ["lib/graph", "lib/tahoe", "lib"],
  "lib/graph/threatrank": ["lib/graph", "lib/tahoe", "lib"],
  "lib/identity": ["lib/tahoe", "lib"],
  "lib/envelope": ["lib"],
  "lib/packed": ["lib/tahoe", "lib"],
  "lib/tahoe": ["lib"],
  "lib/config": ["lib"],
  "lib/metrics": [],
  "lib/text": ["lib"],
  "lib/mongo": ["lib/lake", "lib/tdql", "lib/graph", "lib/packed", "lib/tahoe", "lib"],
  "lib/sqlite": ["lib/lake", "lib/tdql", "lib/graph", "lib/packed", "lib/tahoe", "lib"],
  "lib": ["lib/config"],
  // Runs in browsers: it shares what reads reports and writes values, which needs no Deno.
  "page": [
    "lib/answers",
    "lib/answers/export",
    "lib/answers/export/page",
    "lib/tahoe",
    "lib",
  ],
};

type Import = { readonly from: string; readonly to: string };

async function findImports(): Promise<Import[]> {
  const files = [...await glob("{lib,page}/**/*.ts", { cwd: ROOT }), ...PROGRAMS];
  const found = await Promise.all(files.map(async (from) => {
    const text = await Deno.readTextFile(join(ROOT, from));
    const targets = text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*"([^"]+)"/g);
    return [...targets].map(([, target]) => ({ from, to: resolveTarget(from, target!) }));
  }));
  return found.flat();
}

function resolveTarget(from: string, target: string): string {
  if (!target.startsWith(".")) return target;
  return relative(ROOT, join(ROOT, dirname(from), target));
}

/** The folder of a file; the page is one, with all those in it. */
function folderOf(file: string): string {
  return file.startsWith("page/") ? "page" : dirname(file);
}

Deno.test("lib and page import in one direction only", async () => {
  const all = await findImports();
  const broken = all.filter(({ from, to }) => {
    if (PROGRAMS.includes(from)) return false;
    if (!/^(?:lib|page)\//.test(to)) return PROGRAMS.includes(to);
    const [folder, target] = [folderOf(from), folderOf(to)];
    return folder !== target && !MAY_IMPORT[folder]?.includes(target);
  });
  deepEqual(broken, []);
  // The pattern must still find imports.
  deepEqual(all.some(({ from, to }) => from === "stores.ts" && to === "lib/mongo/open.ts"), true);
});

Deno.test("lib imports the door only into the command that opens it", async () => {
  const broken = (await findImports()).filter(({ from, to }) =>
    to.startsWith("lib/door/") && !from.startsWith("lib/door/") &&
    from !== "lib/cli/report/serve.ts"
  );
  deepEqual(broken, []);
});

Deno.test("lib imports each driver only in its own folder", async () => {
  const broken = (await findImports()).filter(({ from, to }) =>
    Object.hasOwn(DRIVERS, to) && dirname(from) !== DRIVERS[to]
  );
  deepEqual(broken, []);
});
