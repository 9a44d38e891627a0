/** A made log of a honeypot in which a few addresses and passwords are in most of the records. */
export type ZipfCowrieLog = {
  /** Lines of the log, each with its line feed, in parts of some thousand lines. */
  readonly parts: Iterable<readonly string[]>;
  /** Number of events by source address; complete once all parts were read. */
  readonly eventsByAddress: ReadonlyMap<string, number>;
};

const ADDRESSES = 60_000;
const PASSWORDS = 200_000;
const USERNAMES = ["root", "admin", "user", "test", "oracle", "postgres", "ubuntu", "pi"] as const;
const CLIENTS = ["SSH-2.0-Go", "SSH-2.0-libssh2_1.4.3", "SSH-2.0-PUTTY"] as const;
const PART_LINES = 2000;
/** Seconds since 1970 at which the log begins, and the most that lie between two visits. */
const START = Date.UTC(2026, 0, 1) / 1000;
const MOST_BETWEEN = 60;

/** Makes the log of so many lines; the same number makes the same log. */
export function zipfCowrieLog(lines: number): ZipfCowrieLog {
  const eventsByAddress = new Map<string, number>();
  return { parts: makeParts(lines, eventsByAddress), eventsByAddress };
}

function* makeParts(
  lines: number,
  eventsByAddress: Map<string, number>,
): Iterable<readonly string[]> {
  const random = randomNumbers(20_260_101);
  const pickAddress = zipfPicker(ADDRESSES, random);
  const pickPassword = zipfPicker(PASSWORDS, random);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  let time = START;
  let part: string[] = [];
  for (let made = 0, visit = 0; made < lines; visit++) {
    time += Math.floor(random() * MOST_BETWEEN);
    const address = toAddress(pickAddress());
    const common = { session: visit.toString(16).padStart(12, "0"), src_ip: address };
    const logins = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
      const [username, password] = [pick(USERNAMES), `pw${pickPassword()}`];
      const message = `login attempt [${username}/${password}] failed`;
      return { eventid: "cowrie.login.failed", username, password, message };
    });
    const records = [
      { eventid: "cowrie.session.connect", dst_port: 2222, message: `New connection: ${address}` },
      { eventid: "cowrie.client.version", version: pick(CLIENTS) },
      ...logins,
      { eventid: "cowrie.session.closed", duration: Math.floor(random() * 60) },
    ].slice(0, lines - made);
    for (const [second, record] of records.entries()) {
      const timestamp = new Date((time + second) * 1000).toISOString();
      part.push(`${JSON.stringify({ ...record, timestamp, sensor: "hp-1", ...common })}\n`);
      if (record.eventid !== "cowrie.login.failed") continue;
      eventsByAddress.set(address, (eventsByAddress.get(address) ?? 0) + 1);
    }
    made += records.length;
    if (part.length >= PART_LINES || made === lines) {
      yield part;
      part = [];
    }
  }
}

function toAddress(rank: number): string {
  return `198.${18 + (rank >> 16)}.${rank >> 8 & 255}.${rank & 255}`;
}

/** Picks numbers from 0 on, each as often as Zipf's law says: the n-th in proportion to 1/n. */
function zipfPicker(size: number, random: () => number): () => number {
  // Number k is picked with probability log((k + 2) / (k + 1)) / log(size + 1), about 1 / (k + 1).
  return () => Math.floor((size + 1) ** random()) - 1;
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
