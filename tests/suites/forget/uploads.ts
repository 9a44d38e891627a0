import { ok } from "../../assert.ts";
import fc from "fast-check";
import { Rejected } from "../../../lib/errors.ts";
import { type Filters, filterUploads } from "../../../lib/lake/filter_uploads.ts";
import type { Selection } from "../../../lib/lake/forget.ts";
import { parsePlaintext } from "../../../lib/lake/parse.ts";
import { storeUploads } from "../../../lib/lake/store_uploads.ts";
import type { Hash } from "../../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../../lib/tahoe/instances.ts";
import type { Filter } from "../../../lib/typetags/filter.ts";
import { InstanceCollector } from "../../../lib/typetags/instance_collector.ts";

/** A line of an upload, such as `login ada at 3 in s1 malicious`. */
export type Line = {
  readonly name: string;
  /** Seconds since 1970; the upload's time if the line has none. */
  readonly time: number | null;
  readonly session: string | null;
  /** Whether the line says that the session begins with it. */
  readonly starts: boolean;
  readonly isMalicious: boolean;
};
export type Sent = {
  readonly typetag: string;
  readonly orgid: string;
  readonly timestamp: number;
  readonly lines: readonly Line[];
};

const ORGIDS = ["aa", "bb", "cc"].map((text) => text.repeat(32));

const read: Filter["read"] = (data, sent) => {
  const collector = new InstanceCollector(sent);
  const lines = data as unknown as readonly Line[];
  if (lines.length === 0) throw new Rejected("EVENTS_INVALID", "there is no line");
  for (const { name, time, session, starts, isMalicious } of lines) {
    const username = collector.attribute("username", name);
    const user = collector.object("user", [username, collector.attribute("initial", name[0]!)]);
    const account = collector.object("account", [user, collector.attribute("host", "h1")]);
    const event = collector.event("login", [account, collector.attribute("port", 22n)], {
      timestamp: time === null ? sent.timestamp : Number(time),
      ...(isMalicious && { category: "malicious", malicious: [username, user] }),
      ...(!isMalicious && { benign: name === "bob" ? [username] : [] }),
    });
    if (session === null) continue;
    const visit = collector.session("visit", [collector.attribute("sessionid", session)], [event]);
    if (starts) collector.setSessionFields(visit, { start_time: Number(session.slice(1)) });
  }
  return collector.result();
};

/** Two typetags of the same lines, so that their Raws share events, and one without a filter. */
export const FILTERS: Filters = new Map([
  ["log", { id: "log-1", read }],
  ["list", { id: "list-1", read }],
]);

const line: fc.Arbitrary<Line> = fc.record({
  name: fc.constantFrom("ada", "bob", "cem"),
  time: fc.option(fc.constantFrom(3, 4)),
  session: fc.option(fc.constantFrom("s1", "s2")),
  starts: fc.boolean(),
  isMalicious: fc.boolean(),
});

/** Uploads of a few contents, in the order of their times. */
export const arbitraryUploads: fc.Arbitrary<Sent[]> = fc
  .array(fc.array(line, { maxLength: 4 }), { minLength: 1, maxLength: 4 })
  .chain((contents) =>
    fc.array(
      fc.record({
        typetag: fc.constantFrom("log", "list", "plain"),
        orgid: fc.constantFrom(...ORGIDS),
        lines: fc.constantFrom(...contents),
      }),
      { minLength: 1, maxLength: 7 },
    )
  )
  .map((uploads) => uploads.map((upload, index) => ({ ...upload, timestamp: 100 + index })));

export const arbitrarySelection: fc.Arbitrary<Selection> = fc.record({
  typetag: fc.constantFrom("log", "list", "plain"),
  orgids: fc.subarray(ORGIDS),
  since: fc.integer({ min: 99, max: 106 }),
  before: fc.integer({ min: 100, max: 108 }),
}, { requiredKeys: [] });

export function isSelected(
  { typetag, orgid, timestamp }: Sent,
  selection: Selection,
): boolean {
  return (selection.typetag ?? typetag) === typetag &&
    (selection.orgids ?? [orgid]).includes(orgid) &&
    timestamp >= (selection.since ?? -Infinity) && timestamp < (selection.before ?? Infinity);
}

/** Archives uploads one after the other; returns the hashes of their Raws. */
export async function archiveAll(
  archive: InstanceStore,
  uploads: readonly Sent[],
): Promise<Hash[]> {
  const hashes: Hash[] = [];
  for (const { typetag, orgid, timestamp, lines } of uploads) {
    const raw = parsePlaintext(JSON.stringify(lines), { typetag, orgid, timezone: "UTC" });
    const parsed = [{ raw, source: { orgid, timezone: "UTC", timestamp } }];
    const filtered = await filterUploads(parsed, { archive, filters: FILTERS });
    const [stored] = await storeUploads(filtered, archive);
    ok(stored !== undefined && !(stored instanceof Rejected));
    hashes.push(raw._hash);
  }
  return hashes;
}
