/** Bundles the page into the files that `report query … --html` writes: `deno task page`. */
import { BUNDLE_FOLDER, bundlePage } from "./bundle.ts";

for (const [name, text] of Object.entries(await bundlePage())) {
  const file = new URL(name, BUNDLE_FOLDER);
  await Deno.writeTextFile(file, text);
  console.log(`${name}: ${(text.length / 1024).toFixed(0)} KiB`);
}
