import { StoreUnavailable } from "../../errors.ts";
import { printable } from "../../printable.ts";
import type { Attribute, Hash, TahoeObject } from "../../tahoe/instance.ts";
import { findAsker } from "../../tdql/answer.ts";
import type { Context } from "../context.ts";
import { counted } from "../../counted.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { findUserid } from "./client.ts";
import { valueText } from "../../answers/value_text.ts";

/** An attribute or object by its hash, and how many events that the user may see hold it. */
type HeldInstance = { readonly instance: Attribute | TahoeObject; readonly events: number };

/** Says why a hash cannot be ranked: what else it is, or may be, and what to ask instead. */
export async function noSuchEvent(
  context: Context,
  hash: Hash,
  user: string | undefined,
): Promise<string> {
  const found = await findHeld(context, hash, user);
  if (found === undefined) {
    return `Cannot rank ${hash}: no event that you may see has this hash. If it is the SHA-256 of a ` +
      `file, say so to rank the events that hold it: report query threatrank sha256 ${hash}`;
  }
  const { instance, events } = found;
  const held = `which ${counted(events, "event")} ${events === 1 ? "holds" : "hold"}`;
  if (instance.itype === "object") {
    return `Cannot rank ${hash}: it is the object ${instance.sub_type}, ${held}, and only events are ` +
      "ranked: give the hash of an event, or an attribute";
  }
  const { sub_type: subType, data } = instance;
  const value = printable(valueText(data));
  return `Cannot rank ${hash}: it is the attribute ${subType} ${value}, ${held}, and only events are ` +
    `ranked. To rank these: report query threatrank ${subType} ${shellQuoted(value)}`;
}

/** Finds what has a hash, if events that the user may see hold it and the archive can be read. */
async function findHeld(
  context: Context,
  hash: Hash,
  user: string | undefined,
): Promise<HeldInstance | undefined> {
  try {
    const { graph, identity } = await context.stores("graph", "identity");
    const { orgids } = await findAsker(await findUserid(context, user), identity);
    const everything = { orgids, category: "all", start: -Infinity, end: Infinity } as const;
    const events = await graph.countHolders({ hashes: [hash], context: "all" }, everything);
    if (events === 0) return undefined;
    const [instance] = await graph.get([hash]) as (Attribute | TahoeObject)[];
    return instance === undefined ? undefined : { instance, events };
  } catch (error) {
    // Where the service answers, the archive may be out of reach.
    if (error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}
