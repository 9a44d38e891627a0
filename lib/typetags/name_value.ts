import { type HostName, readHostName } from "../indicators/host_name.ts";
import { refang } from "../indicators/refang.ts";

/** What people write around a name: a scheme, `*.` or a dot before it; a port, slash or dots behind it. */
const AROUND = /^(?:[a-z][a-z0-9+.-]{0,30}:\/\/)?(?:\*\.|\.)?([^\s/:@]+?)\.{0,3}(?::\d{1,5})?\/?$/i;

/**
 * Reads a value that its source calls a name of a host, and gives it the one name that it has in
 * every source: `hxxp://*.Bad[.]example.com./` is `bad.example.com`. Undefined if it is not a name
 * alone.
 */
export function readNameValue(value: string): HostName | undefined {
  const [, name = ""] = AROUND.exec(refang(value.trim())) ?? [];
  return readHostName(name);
}
