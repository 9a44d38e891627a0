import { sleep } from "../sleep.ts";

/** Milliseconds in which the rest of a body that nobody wants may come. */
const REST_MS = 50;

/** Milliseconds between two looks at whether anything of it is still on its way. */
const LOOK_MS = 25;

/**
 * Reads the rest of a body, and throws it away: if bytes come while it answers, Deno's HTTP server, in
 * 2.4, often ends the connection instead. When the rest does not come at once, `stop` is called, which
 * must keep back what the client still sends. Never throws.
 */
export async function discardBody(
  { body }: Pick<Request, "body">,
  stop: () => void,
): Promise<void> {
  if (body === null) return;
  const reader = body.getReader();
  const ended = new AbortController();
  let chunks = 0;
  const read = async () => {
    while (!(await reader.read()).done) chunks++;
  };
  // It may also break off.
  read().catch(() => {}).finally(() => ended.abort());
  await sleep(REST_MS, ended.signal);
  if (!ended.signal.aborted) stop();
  // A look may come late, before what is there was read: the next one does not.
  for (let quietLooks = 0; quietLooks < 2 && !ended.signal.aborted;) {
    const before = chunks;
    await sleep(LOOK_MS, ended.signal);
    quietLooks = chunks === before ? quietLooks + 1 : 0;
  }
  reader.releaseLock();
}
