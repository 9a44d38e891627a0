import { equal } from "node:assert/strict";
import { join } from "node:path";
import { commandOf } from "../program.ts";
import { install, type Installation, untilLogged } from "./installation.ts";

/** What a unit says of cores: how large one may be, and which memory it holds. */
type Limits = { readonly size: string; readonly filter: string };

/** The filter is Linux's own: memory that is the process's alone. */
const UNLIMITED: Limits = { size: "unlimited", filter: "0x33" };

/** Whether cores are written where the process is; elsewhere a program of the machine takes them. */
const writtenHere = !/[|/]/.test(await Deno.readTextFile("/proc/sys/kernel/core_pattern"));

for (const program of ["archive", "report"] as const) {
  Deno.test({
    name: `${program} leaves no core under the limits of its unit, and no memory in any other`,
    ignore: !writtenHere,
    async fn() {
      const installation = await install({ program });
      try {
        const limits = await limitsOf(`cybexp-${program}.service`);
        equal(await coreSize(program, installation, limits), undefined);
        // Programs that take cores need not obey the limit of their size: see core(5).
        const bare = await coreSize(program, installation, { ...limits, size: "unlimited" });
        equal(bare! < 2 ** 20, true, `${bare} bytes`);
        const whole = await coreSize(program, installation, UNLIMITED);
        equal(whole! > 10 * 2 ** 20, true, `${whole} bytes`);
      } finally {
        await installation.close();
      }
    },
  });
}

async function limitsOf(unit: string): Promise<Limits> {
  const text = await Deno.readTextFile(new URL(`../../deploy/${unit}`, import.meta.url));
  const [, size = ""] = /^LimitCORE=(.*)$/m.exec(text) ?? [];
  const [, filter = ""] = /^CoredumpFilter=(.*)$/m.exec(text) ?? [];
  return { size, filter };
}

/** Bytes of the core that a service leaves when it is aborted; undefined if it leaves none. */
async function coreSize(
  program: string,
  { folder }: Installation,
  { size, filter }: Limits,
): Promise<number | undefined> {
  const { path, args } = commandOf(program, ["-A"]);
  const script = 'ulimit -c "$0" && echo "$1" > /proc/self/coredump_filter && shift && exec "$@"';
  const config = join(folder, "config.json");
  const service = new Deno.Command("bash", {
    args: ["-c", script, size, filter, path, ...args, "--config", config, "run"],
    ...{ cwd: folder, stdin: "null", stdout: "null", stderr: "piped" } as const,
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
