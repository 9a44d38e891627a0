import { equal, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { writeExposition } from "../../lib/metrics/exposition.ts";
import { processFamilies } from "../../lib/metrics/process.ts";
import { readExposition, valueOf } from "./read_exposition.ts";

const value = (name: string) => valueOf(writeExposition(processFamilies("archive", "1.2.3")), name);

Deno.test("processFamilies describes this process, with its version", () => {
  const { samples: [info] } = readExposition(writeExposition(processFamilies("archive", "1.2.3")))
    .get("cybexp_build_info")!;
  equal(JSON.stringify(info?.labels), '{"program":"archive","version":"1.2.3"}');
  const age = nowSeconds() - value("cybexp_process_start_time_seconds")!;
  ok(age > 0 && age < 3600, `started ${age} s ago`);
  const memory = value("cybexp_process_resident_memory_bytes")!;
  ok(memory > 10e6 && memory < 10e9, `${memory} bytes`);
});

Deno.test("processFamilies counts open files", () => {
  // Tests beside it open files of this process, too, and close them.
  const more = Array.from({ length: 100 }, () => {
    const before = value("cybexp_process_open_fds")!;
    using _one = Deno.openSync(new URL(import.meta.url));
    using _two = Deno.openSync(new URL(import.meta.url));
    return value("cybexp_process_open_fds")! - before;
  });
  ok(more.filter((files) => files === 2).length >= 10, String(more));
});

Deno.test({
  name: "processFamilies leaves open files out where they cannot be listed",
  permissions: { read: false },
  fn: () => {
    equal(value("cybexp_process_open_fds"), undefined);
    const memory = value("cybexp_process_resident_memory_bytes")!;
    ok(memory > 0, String(memory));
  },
});
