/** Where the bundled files are: with the code that writes them into a page. */
export const BUNDLE_FOLDER = new URL("../lib/answers/export/page/", import.meta.url);

/** The text of each bundled file, by its name. */
export type PageBundle = {
  /** The code of the page that contains its answer. */
  readonly "page.js": string;
  /** The code of the page that asks a server. */
  readonly "live.js": string;
  readonly "page.css": string;
};

/**
 * Bundles the page's code with the libraries that it uses, and its style. The same source gives the
 * same bytes.
 *
 * @throws {Error} when the code cannot be bundled.
 */
export async function bundlePage(): Promise<PageBundle> {
  const licences = await readSource("licences.txt");
  const withLicences = (script: string) => `/*!\n${licences}*/\n${script}`;
  return {
    "page.js": withLicences(await bundleScript("main.ts")),
    "live.js": withLicences(await bundleScript("live/main.ts")),
    "page.css": minifyStyle(await readSource("page.css")),
  };
}

async function bundleScript(name: string): Promise<string> {
  const entry = new URL(name, import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify", entry],
    cwd: new URL("..", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const script = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`Cannot bundle the page: ${new TextDecoder().decode(stderr)}`);
  if (/<\/script|<!--/i.test(script)) {
    throw new Error("Cannot bundle the page: its code would end the element that contains it");
  }
  return script;
}

/** Removes comments and needless blanks. */
function minifyStyle(style: string): string {
  return style.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ").replace(/ ?([{};]) ?/g, "$1")
    .replace(/: /g, ":").replace(/;}/g, "}").trim();
}

async function readSource(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, import.meta.url));
}
