/** Figures that one archive process reports about its run: see archive_worker.ts. */
export type WorkerFigures = { readonly seconds: number; readonly peakRssMiB: number };

/** Archives the given number of waiting uploads in a separate process. */
export async function archiveProcess(configFile: string, uploads: number): Promise<WorkerFigures> {
  const worker = new URL("archive_worker.ts", import.meta.url).pathname;
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", worker, configFile, String(uploads)],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The archive process failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}
