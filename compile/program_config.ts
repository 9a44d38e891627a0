/** Packages that only tests and the code of the page use. */
export const NOT_IN_PROGRAMS: ReadonlySet<string> = new Set([
  "ajv/",
  "axe-core",
  "csv-parse/",
  "cytoscape",
  "fast-check",
  "playwright-core",
  "saxes",
  "uplot",
]);

/** A deno.json, as far as it matters here. */
export type DenoConfig = { readonly imports: { readonly [name: string]: string } };

/**
 * The configuration with which programs are compiled. Deno puts each package that it names into an
 * executable, used or not: those that programs do not use would take 25 MB.
 */
export function programConfig(config: DenoConfig): DenoConfig {
  const imports = Object.entries(config.imports).filter(([name]) => !NOT_IN_PROGRAMS.has(name));
  return { ...config, imports: Object.fromEntries(imports) };
}
