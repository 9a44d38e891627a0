import type { Config } from "../../config.ts";

/** Part of the machine's memory that a copy of the graph may take, and the most of it in bytes. */
const SHARE = 1 / 4;
const MOST = 4 * 1024 ** 3;

/** What is assumed where the system does not say how much memory there is. */
const UNKNOWN = 2 * 1024 ** 3;

/** Bytes that a copy of the graph may take. */
export function graphMemory({ report: { graphMemory } }: Pick<Config, "report">): number {
  if (graphMemory !== "auto") return graphMemory * 1024 ** 2;
  return Math.min(SHARE * machineMemory(), MOST);
}

/** Bytes of memory of the machine, or of the container that this process runs in. */
function machineMemory(): number {
  const [, kilobytes] = /^MemTotal:\s+(\d+) kB/m.exec(readText("/proc/meminfo")) ?? [];
  const machine = kilobytes === undefined ? UNKNOWN : 1024 * Number(kilobytes);
  const container = parseInt(readText("/sys/fs/cgroup/memory.max"));
  return Number.isNaN(container) ? machine : Math.min(machine, container);
}

/** The text of a file of the system, or nothing where there is no such file. */
function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
