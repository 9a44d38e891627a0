import { join } from "node:path";
import { sleep } from "../sleep.ts";

/** Milliseconds for the last messages. */
const LAST_WORDS = 1000;

/** A way to send datagrams to a Unix socket. */
export type NotifySocket = {
  /** Messages are sent one after the other; of one that cannot be sent `onFault` is told. */
  send(message: string): void;
  /** Resolves once all is sent. */
  close(): Promise<void>;
};

/**
 * Opens a socket in `directory` that sends to the one at `path`: Deno sends datagrams only from a
 * socket that has a path itself, and needs leave to read and write both as long as it sends. So a
 * worker does it, which may do nothing else, and the program can give up reading files.
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
    // Otherwise the program would die of it.
    event.preventDefault();
    onFault(event.message);
    closed.resolve();
  };
  return {
    send: (message) => worker.postMessage({ message }),
    async close() {
      worker.postMessage({});
      const inTime = new AbortController();
      await Promise.race([closed.promise, sleep(LAST_WORDS, inTime.signal)]);
      inTime.abort();
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
        ...{ read: files, write: files, net: "inherit" },
        ...{ env: false, ffi: false, import: false, run: false, sys: false },
      },
    },
  });
}

/** What the worker runs: as it is no module of its own, an executable needs no second file. */
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
