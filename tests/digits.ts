import { Buffer } from "node:buffer";
import type { HashOrBytes } from "../lib/graph/edge_follower.ts";
import type { Hash } from "../lib/tahoe/instance.ts";

/** A hash as text, however it is given. */
export function digits(hash: HashOrBytes): Hash {
  return typeof hash === "string" ? hash : Buffer.from(hash).toString("hex");
}
