import type { Environment } from "../config/file.ts";
import { log } from "../log.ts";
import { type NotifySocket, openNotifySocket } from "./notify_socket.ts";

/**
 * The service manager that started this program, told how it is by the protocol of systemd's
 * sd_notify(3) and sd_watchdog_enabled(3). Without $NOTIFY_SOCKET, as anywhere but in a unit of
 * `Type=notify`, nothing happens. Whatever goes wrong is logged: the work goes on without it.
 */
export class ServiceManager {
  readonly #socket: NotifySocket | undefined;
  /** Milliseconds after which the service manager must have heard of us. */
  readonly #patience: number | undefined;
  #watchdog: ReturnType<typeof setInterval> | undefined;

  constructor(env: Environment) {
    this.#socket = openSocket(env);
    this.#patience = this.#socket && watchdogPatience(env);
  }

  /** The work cannot begin yet. */
  waiting(): void {
    this.#socket?.send("STATUS=Waiting for a database");
  }

  /** The work begins. From now on the watchdog is kept quiet, but only while `isAlive` says so. */
  ready(isAlive: () => boolean): void {
    this.#socket?.send("READY=1\nSTATUS=Working");
    if (this.#patience === undefined) return;
    this.#watchdog = setInterval(() => {
      if (isAlive()) this.#socket?.send("WATCHDOG=1");
      else log.error("The worker hangs: the watchdog is not told that it lives");
    }, this.#patience / 2);
  }

  /** The program was told to stop. */
  stopping(): void {
    this.#socket?.send("STOPPING=1\nSTATUS=Finishing what is in hand");
  }

  /** Resolves once all was told. */
  async close(): Promise<void> {
    clearInterval(this.#watchdog);
    await this.#socket?.close();
  }
}

function openSocket(env: Environment): NotifySocket | undefined {
  const path = env("NOTIFY_SOCKET");
  if (!path) return undefined;
  const [directory] = env("RUNTIME_DIRECTORY")?.split(":") ?? [];
  try {
    if (!path.startsWith("/")) throw new TypeError("$NOTIFY_SOCKET is not the path of a socket");
    if (!directory) throw new TypeError("the unit has no RuntimeDirectory=");
    return openNotifySocket(path, directory, warn);
  } catch (error) {
    warn(error);
    return undefined;
  }
}

/** Undefined if there is no watchdog, or it watches another process, from which we inherited it. */
function watchdogPatience(env: Environment): number | undefined {
  const microseconds = Number(env("WATCHDOG_USEC"));
  const pid = env("WATCHDOG_PID");
  if (!(microseconds > 0) || (pid && pid !== String(Deno.pid))) return undefined;
  return microseconds / 1000;
}

function warn(error: unknown): void {
  log.warn("Cannot tell the service manager how we are", { error });
}
