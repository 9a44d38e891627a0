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

for (
  const [name, text, message] of [
    ["a page behind a word", "Loading…\n<html>\nhttp://a.example/\n", /it holds <html/],
    ["XML with a style", '<?xml-stylesheet href="x"?><a>http://a.example/</a>', /XML document/],
    [
      "a list that has moved",
      "This list has moved to https://a.example/b\n",
      /message of a server/,
    ],
    [
      "a page that moved",
      "The document has moved here: http://a.example/\n",
      /message of a server/,
    ],
    ["a check", "Please complete the security check to access a.example\n", /message of a server/],
    ["a failed look-up", "curl: (6) Could not resolve host: a.example\n", /message of a server/],
    ["a script", "window.location = 'https://a.example/';\n", /message of a server/],
  ] as const
) {
  Deno.test(`ioc_list refuses ${name} in place of a list`, () => {
    throws(() => IOC_LIST_FILTER.read({ data: text }, SOURCE), { code: "EVENTS_INVALID", message });
  });
}
