import type { Environment } from "../config/file.ts";
import { log } from "../log.ts";
import { type NotifySocket, openNotifySocket } from "./notify_socket.ts";

/**
 * The service manager that started this program. It is notified of the program's state by the
 * protocol of systemd's sd_notify(3) and sd_watchdog_enabled(3). Without $NOTIFY_SOCKET, which only
 * units of `Type=notify` have, nothing happens. Failures are logged, and the work continues.
 */
export class ServiceManager {
  readonly #socket: NotifySocket | undefined;
  /** Milliseconds within which the watchdog must be notified; undefined: there is no watchdog. */
  readonly #watchdogTimeout: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(env: Environment) {
    this.#socket = openSocket(env);
    this.#watchdogTimeout = this.#socket && watchdogTimeout(env);
  }

  /** Reports that the work cannot begin yet. */
  notifyWaiting(): void {
    this.#socket?.send("STATUS=Waiting for a database");
  }

  /**
   * Reports that the work begins. From now on notifies the watchdog as long as `isAlive` is true.
   */
  notifyReady(isAlive: () => boolean): void {
    this.#socket?.send("READY=1\nSTATUS=Working");
    if (this.#watchdogTimeout === undefined) return;
    this.#timer = setInterval(() => {
      if (isAlive()) this.#socket?.send("WATCHDOG=1");
      else log.error("The worker hangs: the watchdog is no longer notified");
    }, this.#watchdogTimeout / 2);
  }

  /** Reports that the program was told to stop. */
  notifyStopping(): void {
    this.#socket?.send("STOPPING=1\nSTATUS=Finishing work in progress");
  }

  /** Resolves once all notifications are sent. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#socket?.close();
  }
}

function openSocket(env: Environment): NotifySocket | undefined {
  const path = env("NOTIFY_SOCKET");
  if (!path) return undefined;
  const [directory] = env("RUNTIME_DIRECTORY")?.split(":") ?? [];
  try {
    if (!path.startsWith("/")) throw new TypeError("$NOTIFY_SOCKET is not an absolute path");
    if (!directory) {
      throw new TypeError("$RUNTIME_DIRECTORY is not set: add RuntimeDirectory= to the unit");
    }
    return openNotifySocket(path, directory, warn);
  } catch (error) {
    warn(error);
    return undefined;
  }
}

/**
 * Reads the timeout in milliseconds. Returns undefined if there is no watchdog, or if it watches
 * the process from which this one inherited the environment.
 */
function watchdogTimeout(env: Environment): number | undefined {
  const microseconds = Number(env("WATCHDOG_USEC"));
  const pid = env("WATCHDOG_PID");
  if (!(microseconds > 0) || (pid && pid !== String(Deno.pid))) return undefined;
  return microseconds / 1000;
}

function warn(error: unknown): void {
  log.warn("Cannot notify the service manager", { error });
}
