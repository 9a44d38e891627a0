import type { Door } from "../door/open_door.ts";
import { NOW } from "../door/open_door.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Attribute } from "../../lib/tahoe/instance.ts";

/** The address that most events are of. */
export const ADDRESS = "203.0.113.7";

/** A name that shares an event with the address, and another event with a file. */
export const DOMAIN = "malware.example.com";

export const FILE = "dropper.exe";

const HOUR = 3600;

/**
 * Stores 24 events of an address, an hour after each other; the newest is of a domain, too, which is in
 * a malicious event with a file. `more` are values in the newest event.
 */
export async function fillArchive(
  door: Door,
  orgid: string,
  more: readonly string[] = [],
): Promise<void> {
  const address = attribute("ipv4", ADDRESS);
  const domain = attribute("domain", DOMAIN);
  const file = attribute("filename", FILE);
  const others = more.map((text) => attribute("filename", text));
  const at = (hours: number, members: readonly Attribute[]) =>
    event("sighting", members, { orgid, timestamp: NOW - hours * HOUR });
  const paths = Array.from({ length: 23 }, (_, i) => attribute("url", `http://${i}.example.com/`));
  const malicious = {
    ...event("download", [domain, file], { orgid, timestamp: NOW - 2 * HOUR }),
    category: "malicious" as const,
  };
  await door.archive.put([
    address,
    domain,
    file,
    ...others,
    ...paths,
    at(0, [address, domain, ...others]),
    ...paths.map((path, index) => at(index + 1, [address, path])),
    malicious,
  ]);
}
