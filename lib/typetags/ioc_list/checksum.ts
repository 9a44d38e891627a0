import { namedHash, readNamedHash } from "../../indicators/hash_name.ts";
import type { LineReading } from "./reading.ts";

/** `<hash>  setup.exe`, `<hash> *setup.exe`: what sha256sum and its like write. */
const GNU = /^\\?([0-9a-f]{32,128}) [ *](\S.*)$/i;
/** `SHA256 (setup.exe) = <hash>`. */
const BSD = /^([A-Z][A-Z0-9-]{2,9}) \((.+)\)\s?= ?([0-9a-f]{32,128})$/i;

/** Reads a line of a list of checksums: the hash, and not the file's name. Undefined for others. */
export function readChecksum(line: string): LineReading | undefined {
  const text = line.trim();
  const [, digits] = GNU.exec(text) ?? [];
  const [, label = "hash", , labelled] = BSD.exec(text) ?? [];
  const kind = namedHash(label) ?? "other";
  const hash = digits ?? labelled;
  if (hash === undefined || kind === "other") return undefined;
  const indicator = readNamedHash(kind, hash);
  return indicator && { indicators: [indicator] };
}
