import { equal, ok } from "../assert.ts";
import { BUNDLE_FOLDER, bundlePage } from "../../page/bundle.ts";

Deno.test("bundlePage gives the files that are kept in the repository", async () => {
  for (const [name, text] of Object.entries(await bundlePage())) {
    const kept = await Deno.readTextFile(new URL(name, BUNDLE_FOLDER));
    ok(text === kept, `${name} is not what its source gives: run "deno task page"`);
  }
});

/** What could bring a request, code or markup into the page. */
const FORBIDDEN = [
  /<\/script|<!--/i,
  /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|Worker)\b/,
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\(?(?=[=(])/,
];

Deno.test("bundlePage gives code that neither fetches nor interprets anything", async () => {
  const { "page.js": script, "live.js": live, "page.css": style } = await bundlePage();
  for (const pattern of FORBIDDEN) equal(pattern.exec(script)?.[0], undefined);
  // The page of a server may ask it.
  const asks = /\bfetch\(\w+,\{method:/;
  equal(asks.test(live), true);
  const rest = live.replace(asks, "");
  for (const pattern of FORBIDDEN) equal(pattern.exec(rest)?.[0], undefined);
  equal(/url\(|@import/.test(style), false);
});
