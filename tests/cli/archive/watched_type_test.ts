import { match } from "../../assert.ts";
import { join } from "node:path";
import { watchedType } from "../../../lib/cli/archive/watched_type.ts";

Deno.test("watchedType advises a command with the organisation that the user named", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "hosts");
    await Deno.writeTextFile(path, "127.0.0.1 localhost\n0.0.0.0 a.example\n");
    const type = await watchedType(path, { typetag: undefined, org: "my lab" });
    match(
      "advice" in type ? type.advice ?? "" : type.typetag ?? "",
      /: archive import \S+hosts --type ioc_list --org 'my lab'\. Otherwise/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
