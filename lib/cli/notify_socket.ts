import { join } from "node:path";
import { sleep } from "../sleep.ts";

/** Milliseconds to wait for the last messages to be sent. */
const CLOSE_TIMEOUT_MS = 1000;

/** A sender of datagrams to a Unix socket. */
export type NotifySocket = {
  /** Sends a message after those before it; if that fails, `onFault` is called with the reason. */
  send(message: string): void;
  /** Resolves once everything is sent, or after a second. */
  close(): Promise<void>;
};

/**
 * Opens a socket in `directory` that sends to the one at `path`. Deno sends datagrams only from a
 * socket that has a path itself, and needs permission to read and write both paths while it sends.
 * So a worker that may do nothing else sends them, and the program can give up reading files.
 */
export function openNotifySocket(
  path: string,
  directory: string,
  onFault: (fault: string) => void,
): NotifySocket {
  const own = join(directory, `notify-${crypto.randomUUID().slice(0, 8)}`);
  const worker = startWorker(own, path);
  const closed = Promise.withResolvers<void>();
  worker.onmessage = ({ data }: MessageEvent<{ readonly fault?: string }>) => {
    if (data.fault === undefined) closed.resolve();
    else onFault(data.fault);
  };
  worker.onerror = (event) => {
    // Without this the error would end the program.
    event.preventDefault();
    onFault(event.message);
    closed.resolve();
  };
  return {
    send: (message) => worker.postMessage({ message }),
    async close() {
      worker.postMessage({});
      const timeout = new AbortController();
      await Promise.race([closed.promise, sleep(CLOSE_TIMEOUT_MS, timeout.signal)]);
      timeout.abort();
      worker.terminate();
    },
  };
}

function startWorker(own: string, path: string): Worker {
  const source = `(${sendMessages})(${JSON.stringify(own)}, ${JSON.stringify(path)}, self);`;
  const files = [own, path];
  return new Worker(`data:text/javascript,${encodeURIComponent(source)}`, {
    type: "module",
    deno: {
      permissions: {
        read: files,
        write: files,
        net: "inherit",
        env: false,
        ffi: false,
        import: false,
        run: false,
        sys: false,
      },
    },
  });
}

/** Code of the worker. It is not a module of its own, so an executable needs no second file. */
function sendMessages(own: string, path: string, program: Worker): void {
  const socket = Deno.listenDatagram({ transport: "unixpacket", path: own });
  let sent: Promise<unknown> = Promise.resolve();
  const send = async ({ message }: { readonly message?: string }) => {
    if (message === undefined) {
      socket.close();
      Deno.removeSync(own);
      program.postMessage({});
    } else {
      const bytes = new TextEncoder().encode(message);
      await socket.send(bytes, { transport: "unixpacket", path });
    }
  };
  program.onmessage = ({ data }) => {
    sent = sent.then(() => send(data))
      .catch((error) => program.postMessage({ fault: String(error) }));
  };
}
