import type { Family } from "./exposition.ts";
import { gauge } from "./gauge.ts";

/**
 * This process, as it is now. The names are not `process_…`: node_exporter has these itself, and
 * refuses a textfile with the same. Open files are left out where /proc/self/fd cannot be listed,
 * such as under a Deno that asks --allow-all for it.
 */
export function processFamilies(program: string, version: string): Family[] {
  const files = openFiles();
  return [
    gauge("cybexp_build_info", "Always 1; the version is in the label.", 1, { program, version }),
    gauge(
      "cybexp_process_start_time_seconds",
      "When the program started, in seconds since 1970.",
      performance.timeOrigin / 1000,
    ),
    gauge(
      "cybexp_process_resident_memory_bytes",
      "Memory the program has in RAM.",
      Deno.memoryUsage().rss,
    ),
    ...files === undefined
      ? []
      : [gauge("cybexp_process_open_fds", "Files and connections the program has open.", files)],
  ];
}

function openFiles(): number | undefined {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch {
    return undefined;
  }
}
