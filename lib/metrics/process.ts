import type { Family } from "./exposition.ts";
import { gauge } from "./gauge.ts";

/**
 * The metrics of this process as it is now. The names do not begin with `process_`: node_exporter has
 * such metrics itself, and rejects a textfile that repeats them. Open files are left out where
 * /proc/self/fd cannot be listed, such as under a Deno that requires --allow-all for it.
 */
export function processFamilies(program: string, version: string): Family[] {
  const files = countOpenFiles();
  return [
    gauge(
      { name: "cybexp_build_info", help: "Always 1; the version is in the label." },
      1,
      { program, version },
    ),
    gauge({
      name: "cybexp_process_start_time_seconds",
      help: "When the program started, in seconds since 1970.",
    }, performance.timeOrigin / 1000),
    gauge({
      name: "cybexp_process_resident_memory_bytes",
      help: "Memory the program has in RAM.",
    }, Deno.memoryUsage().rss),
    ...(files === undefined ? [] : [gauge({
      name: "cybexp_process_open_fds",
      help: "Files and connections the program has open.",
    }, files)]),
  ];
}

function countOpenFiles(): number | undefined {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch {
    return undefined;
  }
}
