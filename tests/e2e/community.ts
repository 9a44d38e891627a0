import { nowSeconds } from "../../lib/clock.ts";
import { loadPublicKey } from "../../lib/envelope/key_file.ts";
import { org } from "../../lib/identity/org.ts";
import { user } from "../../lib/identity/user.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Hash } from "../../lib/tahoe/instance.ts";
import { sealQuery } from "../../lib/tdql/seal_query.ts";
import type { Installation } from "./installation.ts";

/** An installation's analyst, and an address that some events hold. */
export type Community = {
  readonly userid: Hash;
  /** Puts a count of the address into the inbox; equal numbers are one question. */
  ask(number: number, port?: number, nonce?: string): Promise<Hash>;
};

export const ADDRESS = "203.0.113.7";
export const EVENTS = 3;
export const EMAIL = "analyst@example.com";

/** Stores a user, an organisation, and events that hold {@link ADDRESS}. */
export async function settle({ stores, config }: Installation): Promise<Community> {
  const member = user({ email: EMAIL });
  const made = org({ orgname: "example", users: [member.user], admins: [member.user] });
  await stores.identity.put([...member.parts, member.user, ...made.parts, made.org]);
  const address = attribute("ipv4", ADDRESS);
  const events = Array.from({ length: EVENTS }, (_, number) => {
    const url = attribute("url", `http://example.com/${number}`);
    const options = { orgid: made.org._hash, timestamp: 1_600_000_000 + number };
    return [url, event("sighting", [address, url], options)];
  });
  await stores.archive.put([address, ...events.flat()]);
  const key = await loadPublicKey(config.archive.publicKey);
  const userid = member.user._hash;
  return {
    userid,
    async ask(number, port = 0, nonce = "") {
      // The time range makes each number a question of its own with the same answer.
      const question = { sub_type: "ipv4", data: ADDRESS, from: String(number + 1) };
      const socket = { host: "localhost", port: BigInt(port), nonce };
      const timestamp = nowSeconds();
      const { query, parts } = await sealQuery("count", question, {
        userid,
        key,
        socket,
        timestamp,
      });
      await stores.inbox.ask(query, parts);
      return query._hash;
    },
  };
}
