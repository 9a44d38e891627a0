import { nowSeconds } from "../../lib/clock.ts";
import { loadPublicKey } from "../../lib/envelope/key_file.ts";
import { org } from "../../lib/identity/org.ts";
import { user } from "../../lib/identity/user.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Hash } from "../../lib/tahoe/instance.ts";
import { sealQuery } from "../../lib/tdql/seal_query.ts";
import type { Installation } from "./installation.ts";

/** An analyst of an installation, who can ask about {@link ADDRESS}. */
export type Community = {
  readonly userid: Hash;
  /** Asks how many events contain the address; equal numbers are the same question. */
  ask(number: number, port?: number, nonce?: string): Promise<Hash>;
};

export const ADDRESS = "203.0.113.7";
export const EVENTS = 3;
export const EMAIL = "analyst@example.com";

/** Stores a user, an organisation, and {@link EVENTS} events that contain {@link ADDRESS}. */
export async function createCommunity({ stores, config }: Installation): Promise<Community> {
  const member = user({ email: EMAIL });
  const organisation = org({ orgname: "example", users: [member.user], admins: [member.user] });
  await stores.identity.put([
    ...member.parts,
    member.user,
    ...organisation.parts,
    organisation.org,
  ]);
  const address = attribute("ipv4", ADDRESS);
  const events = Array.from({ length: EVENTS }, (_, number) => {
    const url = attribute("url", `http://example.com/${number}`);
    const options = { orgid: organisation.org._hash, timestamp: 1_600_000_000 + number };
    return [url, event("sighting", [address, url], options)];
  });
  await stores.archive.put([address, ...events.flat()]);
  const key = await loadPublicKey(config.archive.publicKey);
  const userid = member.user._hash;
  return {
    userid,
    async ask(number, port = 0, nonce = "") {
      // The time range makes each number a different question with the same answer.
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
