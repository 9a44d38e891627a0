import { deepEqual, match } from "../../../assert.ts";
import { readArguments } from "../../../../lib/cli/report/lookup/read_arguments.ts";

async function reasonOf(arg: string): Promise<string> {
  const { values } = await readArguments([arg]);
  const [given] = values;
  return given !== undefined && "reason" in given ? given.reason : "";
}

for (const arg of ["indicators.csv", "lists/urls", "C:\\lists\\urls", "urls.txt.gz", "./none"]) {
  Deno.test(`readArguments says first that there is no file ${arg}`, async () => {
    match(await reasonOf(arg), /^there is no such file; as a value, it does not show what kind/);
  });
}

for (const arg of ["999.1.1.1/24", "evil.exe", "203.0.113.66/99"]) {
  Deno.test(`readArguments says first what is wrong with the value ${arg}`, async () => {
    match(await reasonOf(arg), /^(?:is not|does not show) .*; there is no such file, either$/);
  });
}

Deno.test("readArguments says why a file in a closed folder cannot be read", async () => {
  const { lstat, open } = Deno;
  try {
    // Root may read every folder, so the system's answer to others is given here.
    Deno.lstat = () => Promise.reject(new Deno.errors.PermissionDenied());
    Deno.open = () => Promise.reject(new Deno.errors.PermissionDenied());
    deepEqual(await reasonOf("closed/list.txt"), "cannot be read: its owner or mode forbids it");
  } finally {
    Object.assign(Deno, { lstat, open });
  }
});
