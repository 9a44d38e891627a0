import { equal, ok } from "../assert.ts";
import { join } from "node:path";
import { commandOf } from "../program.ts";
import { install, type Installation, untilLogged } from "./installation.ts";

/** What a unit says about core files: their maximum size, and the memory that they contain. */
type Limits = { readonly size: string; readonly filter: string };

/** No limit, with Linux's default filter: memory that is private to the process. */
const UNLIMITED: Limits = { size: "unlimited", filter: "0x33" };

/** Whether core files go to the process's folder; otherwise a program of the host handles them. */
const CORES_IN_FOLDER = !/[|/]/.test(await Deno.readTextFile("/proc/sys/kernel/core_pattern"));

for (const program of ["archive", "report"] as const) {
  Deno.test({
    name:
      `${program} leaves no core file under the limits of its unit, and no memory in one under other limits`,
    ignore: !CORES_IN_FOLDER,
    async fn() {
      const installation = await install({ program });
      try {
        const limits = await readLimits(`cybexp-${program}.service`);
        equal(await coreSize(installation, program, limits), undefined);
        // Programs that handle core files may ignore the size limit: see core(5).
        const bare = await coreSize(installation, program, { ...limits, size: "unlimited" });
        ok(bare! < 2 ** 20, `${bare} bytes`);
        const whole = await coreSize(installation, program, UNLIMITED);
        ok(whole! > 10 * 2 ** 20, `${whole} bytes`);
      } finally {
        await installation.close();
      }
    },
  });
}

async function readLimits(unit: string): Promise<Limits> {
  const text = await Deno.readTextFile(new URL(`../../deploy/${unit}`, import.meta.url));
  const [, size = ""] = /^LimitCORE=(.*)$/m.exec(text) ?? [];
  const [, filter = ""] = /^CoredumpFilter=(.*)$/m.exec(text) ?? [];
  return { size, filter };
}

/** Bytes of the core file that a service leaves when it is aborted; undefined if it leaves none. */
async function coreSize(
  { folder }: Installation,
  program: string,
  { size, filter }: Limits,
): Promise<number | undefined> {
  const { path, args } = commandOf(program, ["-A"]);
  const script = 'ulimit -c "$0" && echo "$1" > /proc/self/coredump_filter && shift && exec "$@"';
  const config = join(folder, "config.json");
  const service = new Deno.Command("bash", {
    args: ["-c", script, size, filter, path, ...args, "--config", config, "run"],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await untilLogged(service, "started");
  service.kill("SIGABRT");
  equal((await service.status).signal, "SIGABRT");
  const name = Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .find((name) => name.startsWith("core"));
  if (name === undefined) return undefined;
  const core = join(folder, name);
  const { size: bytes } = await Deno.stat(core);
  await Deno.remove(core);
  return bytes;
}
