import { freePort } from "../cli/free_port.ts";
import { type Installation, untilLogged } from "./installation.ts";

/** Milliseconds after which a test fails rather than to wait for an answer. */
const PATIENCE = 120_000;

/** A door that a real process holds open. */
export type RunningDoor = {
  readonly program: Deno.ChildProcess;
  readonly url: string;
  /** Sends a request with a token, and reads the answer. */
  ask(token: string, path: string, init?: RequestInit): Promise<{ status: number; text: string }>;
};

/** Starts `report serve`, and waits until it answers. */
export async function openDoor(
  { start }: Pick<Installation, "start">,
  ...flags: readonly string[]
): Promise<RunningDoor> {
  const port = freePort();
  const program = start("serve", "--listen", `127.0.0.1:${port}`, ...flags);
  await untilLogged(program, "Door open");
  const url = `http://127.0.0.1:${port}`;
  return {
    program,
    url,
    ask: async (token, path, init = {}) => {
      const headers = { authorization: `Bearer ${token}` };
      const signal = AbortSignal.timeout(PATIENCE);
      const response = await fetch(`${url}${path}`, { signal, ...init, headers });
      return { status: response.status, text: await response.text() };
    },
  };
}

/** Makes the request that uploads a text. */
export function uploadRequest(name: string, text: string): RequestInit {
  const body = new FormData();
  body.set("file", new Blob([text]), "x.json");
  for (const [field, value] of [["name", name], ["typetag", "sighting"], ["orgid", "example"]]) {
    body.set(field!, value!);
  }
  return { method: "POST", body };
}

/** Makes the request that counts the events of an address. */
export function countRequest(data: string): RequestInit {
  const question = { type: "count", data: { sub_type: "ipv4", data } };
  return { method: "POST", body: JSON.stringify(question) };
}
