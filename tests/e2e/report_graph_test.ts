import { deepEqual, equal, ok } from "../assert.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import type { Event, Hash } from "../../lib/tahoe/instance.ts";
import { mongoUrl } from "../mongo/server.ts";
import { ADDRESS, createCommunity, EMAIL, EVENTS } from "./community.ts";
import { install, type Installation } from "./installation.ts";
import { LoggedProgram } from "./logged_program.ts";

/** With so few, a rank that loads its neighbourhood is cut short. */
const FEW_EDGES = ["--set", "report.max_edges=1"];

const mongo = mongoUrl();

runTests("SQLite", undefined);
if (mongo !== undefined) runTests("MongoDB", mongo);

function runTests(name: string, url: string | undefined): void {
  function test(what: string, body: (installation: Installation) => Promise<void>): void {
    Deno.test(`report on ${name} ${what}`, async () => {
      const installation = await install({
        program: "report",
        ...(url !== undefined && { mongo: url }),
      });
      try {
        await createCommunity(installation);
        await body(installation);
      } finally {
        await installation.close();
      }
    });
  }

  test("ranks exactly from the graph that it keeps, with what came since", async (installation) => {
    const { stores, start } = installation;
    const program = new LoggedProgram(start("run", ...FEW_EDGES));
    await program.untilLogged("Graph read for ThreatRanks");
    const before = await rankAll(installation);
    deepEqual(before.map(({ flags }) => flags), Array(EVENTS).fill([]));
    ok(before.every(({ rank }) => rank === 0), JSON.stringify(before));
    await stores.archive.put(await malicious(installation));
    const after = await rankAll(installation);
    deepEqual(after.map(({ flags }) => flags), Array(EVENTS + 1).fill([]));
    ok(after.every(({ rank }) => rank < 0), JSON.stringify(after));
    equal(await program.stop(), 0);
  });

  test("with graph_memory 0 keeps no graph, and says that ranks are cut short", async (installation) => {
    const { stores, start } = installation;
    await stores.archive.put(await malicious(installation));
    const program = new LoggedProgram(start("run", ...FEW_EDGES, "--set", "report.graph_memory=0"));
    await program.untilLogged("Report started");
    const ranks = await rankAll(installation);
    deepEqual(
      ranks.map(({ rank, flags }) => rank === -1 ? "malicious" : flags.join()).toSorted(),
      ["malicious", ...Array(EVENTS).fill("truncated")],
    );
    equal(await program.stop(), 0);
    ok(!program.log.includes("Graph read"), program.log);
  });
}

/** A malicious event with the address of all others, and what it refers to. */
async function malicious({ stores }: Installation) {
  const [seen] = await stores.archive.referrers(attribute("ipv4", ADDRESS)._hash) as Event[];
  const address = attribute("ipv4", ADDRESS);
  const sighting = event("sighting", [address], { orgid: seen!.orgid, timestamp: 1_600_000_100 });
  return [address, { ...sighting, category: "malicious" as const }];
}

type Ranked = { readonly rank: number; readonly flags: readonly string[] };

type RankAnswer = {
  readonly event: Event;
  readonly report: {
    readonly data: number;
    readonly evidence?: readonly { readonly _hash: Hash; readonly flags: readonly string[] }[];
  };
};

/** What a running `report run` says of all events with the address. */
async function rankAll({ run }: Installation): Promise<Ranked[]> {
  const question = ["threatrank", "ipv4", ADDRESS, "--user", EMAIL, "--json"];
  const { code, out, err } = await run("query", ...question);
  equal(code, 0, err);
  const answers: RankAnswer[] = JSON.parse(out);
  return answers.map(({ event, report: { data, evidence = [] } }) => ({
    rank: data,
    flags: evidence.find(({ _hash }) => _hash === event._hash)?.flags ?? [],
  }));
}
