import { issueToken } from "../lib/identity/token.ts";
import type { UploadFields } from "../lib/lake/submit.ts";
import type { Installed } from "./report.ts";

/** What executables give V8: see compile/main.ts. */
const SMALL_HEAP = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=50";

const SETTINGS = ["door.requests_per_minute=10000000", "door.questions=1000"]
  .flatMap((setting) => ["--set", setting]);

/** A door that a process of its own holds open. */
export type Door = {
  /**
   * Sends a request as the user, and reads the answer.
   *
   * @throws {Error} when it is refused.
   */
  send(path: string, init?: RequestInit): Promise<void>;
  upload(file: Uint8Array, upload: UploadFields): Promise<void>;
  /** The most memory that the process has had in RAM. */
  peakRssMiB(): number;
  close(): Promise<void>;
};

/** Starts `report serve` from source, and waits until it answers. */
export async function openDoor({ file, user, config }: Installed): Promise<Door> {
  const port = freePort();
  const program = new URL("../report.ts", import.meta.url).pathname;
  const flags = ["--config", file, "--listen", `127.0.0.1:${port}`, ...SETTINGS];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", SMALL_HEAP, "-A", program, "serve", ...flags],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await untilOpen(child);
  const authorization = `Bearer ${await issueToken(user, config.identity.secret)}`;
  const send = async (path: string, init: RequestInit = {}) => {
    const url = `http://127.0.0.1:${port}${path}`;
    const response = await fetch(url, { ...init, headers: { authorization } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} was refused: ${response.status} ${text}`);
  };
  return {
    send,
    upload: (data, fields) => {
      const body = new FormData();
      body.set("file", new Blob([new Uint8Array(data)]), "upload.json");
      body.set("name", "upload.json");
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      return send("/raw", { method: "POST", body });
    },
    peakRssMiB: () => {
      const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
      return Number(/VmHWM:\s*(\d+) kB/.exec(status)![1]) / 1024;
    },
    close: async () => {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

async function untilOpen({ stderr }: Deno.ChildProcess): Promise<void> {
  const reader = stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let log = ""; !log.includes("Door open");) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The door did not open: ${log}`);
    log += value;
  }
  // What it writes later would fill the pipe.
  (async () => {
    while (!(await reader.read()).done);
  })();
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
