import { throws } from "../assert.ts";
import { IOC_LIST_FILTER } from "../../lib/typetags/ioc_list.ts";
import { OPENPHISH_FILTER, PHISHTANK_FILTER } from "../../lib/typetags/url_feed.ts";

const SOURCE = { orgid: "org", timestamp: 1700000000.25 };

for (
  const [name, filter] of [
    ["ioc_list", IOC_LIST_FILTER],
    ["openphish_feed", OPENPHISH_FILTER],
    ["phishtank_feed", PHISHTANK_FILTER],
  ] as const
) {
  Deno.test(`${name} refuses a web page in place of a list, and says so`, () => {
    const page =
      "<!DOCTYPE html>\nThe feed has moved:\nhttps://docs.example.org/feeds\n192.0.2.77\n";
    throws(() => filter.read({ data: page }, SOURCE), {
      code: "EVENTS_INVALID",
      message: /web page, not a list/,
    });
  });
}
