import { deepEqual, ok } from "./assert.ts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { faultsOf, PROSE } from "../lint/wording.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const VERSIONS = ".ci/deno_versions";
const DOCUMENTS = ["*.md", "docs/*.md", "deploy/README.md"];
const CODE = [
  ".ci/**",
  "*.ts",
  "{bench,compile,demo,lib,lint,page,tests}/**/*.ts",
  "deploy/**",
  "!deploy/README.md",
];

/** The text of each file that the patterns choose, by its path from the root. */
async function readFiles(patterns: readonly string[]): Promise<Map<string, string>> {
  const paths = await glob([...patterns], { cwd: ROOT, dot: true });
  return new Map(await Promise.all(paths.map(async (path) => [path, await read(path)] as const)));
}

async function read(path: string): Promise<string> {
  return await Deno.readTextFile(join(ROOT, path));
}

/** Versions of Deno that scripts and tests use, by the names that scripts give them. */
async function denoVersions(): Promise<{ [name: string]: string }> {
  const lines = (await read(VERSIONS)).matchAll(/^(\w+)=(.+)$/gm);
  return Object.fromEntries([...lines].map(([, name, version]) => [name!, version!]));
}

/** The paragraphs, list items and table rows of a Markdown text, each on one line. */
function paragraphs(markdown: string): string[] {
  return markdown.split(/\n\s*\n|\n(?=\s*[-*|#] ?)/).map((text) => text.replace(/\s+/g, " "));
}

Deno.test("documents are written in plain English", async () => {
  const documents = await readFiles(DOCUMENTS);
  ok(documents.has("README.md") && documents.has("docs/operating.md"));
  const faults = [...documents].flatMap(([path, text]) =>
    paragraphs(text).flatMap((paragraph) =>
      faultsOf(paragraph, PROSE).map((fault) => `${path}: ${paragraph}: ${fault}`)
    )
  );
  deepEqual(faults, []);
});

Deno.test("scripts and code take the versions of Deno from one file", async () => {
  const versions = Object.values(await denoVersions());
  const files = await readFiles(CODE);
  ok(files.has(".ci/run") && files.has("tests/e2e/key_reach_test.ts"));
  files.delete(VERSIONS);
  const copies = [...files].flatMap(([path, text]) =>
    versions.filter((version) => text.includes(version)).map((version) => `${path}: ${version}`)
  );
  deepEqual(copies, []);
});

Deno.test("README names the versions of Deno that the checks use", async () => {
  const readme = await read("README.md");
  const { newest, oldest } = await denoVersions();
  const named = [...readme.matchAll(/deno@([0-9.]+)/g)].map(([, version]) => version!);
  deepEqual([...new Set(named)], [newest]);
  deepEqual(/oldest supported\s+version is ([0-9.]+)\./.exec(readme)?.[1], oldest);
});
