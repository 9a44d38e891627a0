import { namedHash, readNamedHash } from "../../indicators/hash_name.ts";
import { type Indicator, recognise } from "../../indicators/recognise.ts";
import { refang } from "../../indicators/refang.ts";
import { readCell } from "./scan.ts";

/**
 * Reads a cell of two values as MISP writes it: `192.0.2.1|443`, `setup.exe|<hash>`,
 * `example.com|192.0.2.1`. The type in the row, such as `filename|sha256`, says what they are if it
 * is known. Undefined for other cells.
 */
export function readComposite(cell: string, type = ""): readonly Indicator[] | undefined {
  const at = cell.lastIndexOf("|");
  if (at < 0 || cell.includes("://")) return undefined;
  const [first, second] = [cell.slice(0, at).trim(), cell.slice(at + 1).trim()];
  const [firstType = "", secondType] = type.toLowerCase().split("|");
  const kind = namedHash(secondType ?? (firstType === "malware-sample" ? "md5" : ""));
  if (kind !== undefined) return kind === "other" ? [] : hash(kind, second);
  if (/^reg/.test(firstType)) return [];
  if (/^[0-9]{1,5}$/.test(second)) return withPort(refang(first), second);
  const isFile = firstType === "" && readCell(first).length === 0;
  return isFile && hash("any", second).length > 0 ? hash("any", second) : undefined;
}

function hash(kind: string, text: string): readonly Indicator[] {
  return [readNamedHash(kind, text) ?? []].flat();
}

function withPort(host: string, port: string): readonly Indicator[] {
  const found = recognise(host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`, "any");
  return found === undefined ? [] : [found];
}
