import { attribute } from "../lib/tahoe/attribute.ts";
import { event, setCategory } from "../lib/tahoe/event.ts";
import type { Attribute, Event, Hash, TahoeObject } from "../lib/tahoe/instance.ts";
import type { InstanceStore } from "../lib/tahoe/instances.ts";
import { object } from "../lib/tahoe/object.ts";
import { addEvents, session } from "../lib/tahoe/session.ts";

/** The visits in samples/cowrie.json: seconds since 1970, what came from where, what was fetched. */
const VISITS = [
  {
    time: 1773457200,
    from: "203.0.113.66",
    logins: ["root", "root", "admin"],
    file: "x86",
    sha256: "585b410d25075fe619191b9ec0fca628ba0448c7d51a83c002a3dc36c18209b6",
  },
  {
    time: 1773457320,
    from: "203.0.113.66",
    logins: ["root", "root", "pi", "root"],
    file: "arm7",
    sha256: "6482b44c07ce987dbbde9d697398e286dc30b4033df92232f5c5a29d8c69c8b7",
  },
  { time: 1773457500, from: "198.51.100.23", logins: ["admin", "support"] },
];

/** Feeds say that these are malicious; the first one is where the visitors fetched a file. */
const LISTED = ["http://malware.example.com/bins/x86", "http://203.0.113.66:8080/loader.sh"];

/** Stores what the samples tell as a graph: sessions of logins and downloads, URLs on a list. */
export async function storeGraph(store: InstanceStore, orgid: Hash): Promise<void> {
  const visits = VISITS.map((visit, number) => {
    const address = attribute("ipv4", visit.from);
    const events = visit.logins.map((name, count) =>
      told("ssh_login", [address, attribute("username", name)], orgid, visit.time + 2 + 2 * count)
    );
    if (visit.file !== undefined) {
      events.push(download(address, visit.file, visit.sha256, orgid, visit.time + 14));
    }
    const id = attribute("session_id", `visit ${number + 1}`);
    return { id, events };
  });
  const listed = LISTED.map((url, number) =>
    told("url_feed", [attribute("url", url)], orgid, 1773460800 + number, "malicious")
  );
  const sessions = visits.map(({ id, events }) =>
    addEvents(session("ssh_session", id), events.map(({ event }) => event))
  );
  const events = [...visits.flatMap((visit) => visit.events), ...listed];
  await store.put([
    ...visits.map(({ id }) => id),
    ...events.flatMap(({ parts }) => parts),
    ...events.map(({ event }) => event),
    ...sessions,
  ]);
}

/** An event and the instances it is made of. */
type Told = { readonly event: Event; readonly parts: readonly (Attribute | TahoeObject)[] };

function told(
  subType: string,
  attributes: readonly Attribute[],
  orgid: Hash,
  timestamp: number,
  category: Event["category"] = "unknown",
): Told {
  const made = event(subType, attributes, { orgid, timestamp });
  return { event: setCategory(made, category), parts: attributes };
}

function download(
  address: Attribute,
  name: string,
  sha256: string,
  orgid: Hash,
  timestamp: number,
): Told {
  const url = attribute("url", `http://malware.example.com/bins/${name}`);
  const parts = [attribute("filename", name), attribute("sha256", sha256)];
  const file = object("file", parts);
  const made = event("file_download", [address, url, file], { orgid, timestamp, malicious: file });
  return { event: made, parts: [address, url, ...parts, file] };
}
