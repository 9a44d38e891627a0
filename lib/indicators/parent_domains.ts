import { parse } from "tldts";
import type { AttributeName } from "../tahoe/attribute.ts";

/**
 * Domains above a name, the nearest first, down to the one that its owner registered:
 * `b.example.co.uk` and `example.co.uk` for `a.b.example.co.uk`. Of a name whose ending is not on the
 * public suffix list, the last two labels count as registered.
 */
export function parentDomains(name: string): readonly AttributeName[] {
  const registered = parse(name, { validateHostname: false }).domain;
  if (registered === null) return [];
  const labels = name.split(".");
  const parents = labels.slice(1).map((_, at) => labels.slice(at + 1).join("."));
  return parents.filter((parent) => parent.length >= registered.length)
    .map((data) => ({ subType: "domain", data }));
}
