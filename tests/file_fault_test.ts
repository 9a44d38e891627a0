import { equal, rejects } from "./assert.ts";
import { fileFault } from "../lib/file_fault.ts";

const FAULTS: [about: string, path: (folder: string) => string, fault: string][] = [
  ["a missing file", (folder) => `${folder}/none`, "it does not exist"],
  ["a folder", (folder) => folder, "it is a directory"],
  [
    "a path through a file",
    (folder) => `${folder}/file/none`,
    "part of the path is a file, not a folder",
  ],
  ["links in a circle", (folder) => `${folder}/loop`, "its symbolic links lead in a circle"],
];
for (const [about, path, fault] of FAULTS) {
  Deno.test(`fileFault says why ${about} cannot be read`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/file`, "");
      await Deno.symlink(`${folder}/loop`, `${folder}/loop`);
      const failed = Deno.readTextFile(path(folder));
      await rejects(failed);
      equal(await failed.catch(fileFault), fault);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("fileFault says which permission is missing", () => {
  equal(
    fileFault(new Deno.errors.NotCapable("Requires read access")),
    "start this program with --allow-read for it",
  );
  equal(fileFault(new Deno.errors.PermissionDenied()), "its owner or mode forbids it");
});
