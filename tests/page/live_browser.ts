/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { deepEqual } from "../assert.ts";
import { chromium, type Page } from "playwright-core";
import type { TahoeObject } from "../../lib/tahoe/instance.ts";
import { type Door, openDoor } from "../door/open_door.ts";
import { CHROMIUM } from "./browser.ts";

/** A browser in front of a door, and who may sign in. */
export type LiveTest = {
  readonly door: Door;
  readonly page: Page;
  readonly analyst: TahoeObject;
  readonly origin: string;
};

export type LiveTestOptions = {
  /** Stores what the archive contains. */
  readonly fill?: (door: Door, orgid: string) => Promise<void>;
  /** Whether the browser comes without a session. */
  readonly isSignedOut?: boolean;
  /** What the page may write to the console; by default nothing. */
  readonly expectedFaults?: RegExp;
};

/**
 * Tests the page of a server in a browser, where there is one. Whatever the test does, no request may
 * go to another server, and the page may neither report an error nor run into its own policy.
 */
export function liveTest(
  name: string,
  options: LiveTestOptions,
  work: (test: LiveTest) => Promise<void>,
): void {
  Deno.test({
    name: `page: ${name}`,
    ignore: CHROMIUM === undefined,
    // The server's connections end after the browser.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => withLivePage(options, work),
  });
}

async function withLivePage(
  { fill = () => Promise.resolve(), isSignedOut = false, expectedFaults }: LiveTestOptions,
  work: (test: LiveTest) => Promise<void>,
): Promise<void> {
  const door = await openDoor({ loopbackOnly: true });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => door.app.fetch(request, { address: "127.0.0.1" }),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
  try {
    const analyst = await door.addUser("analyst@example.com");
    const { _hash: orgid } = await door.addOrg("lab.example.org", [analyst]);
    await fill(door, orgid);
    const context = await browser.newContext({ timezoneId: "Europe/Berlin" });
    const page = await context.newPage();
    const faults: string[] = [];
    const note = (fault: string) => expectedFaults?.test(fault) || faults.push(fault);
    context.on("request", (request) => {
      if (new URL(request.url()).origin !== origin && !/^(?:blob|data):/.test(request.url())) {
        faults.push(`request: ${request.url()}`);
      }
    });
    page.on("console", (message) => note(`console: ${message.text()}`));
    page.on("pageerror", (error) => note(`error: ${error.message}`));
    const offer = isSignedOut ? "" : `?token=${door.sessions.offer(analyst._hash)}`;
    await page.goto(`${origin}/${offer}`);
    await work({ door, page, analyst, origin });
    deepEqual(faults, []);
    deepEqual(door.errors, []);
  } finally {
    await browser.close();
    await server.shutdown();
    await door.close();
  }
}

/** Asks by typing, and waits until all answers are there. */
export async function ask(page: Page, text: string): Promise<void> {
  await page.getByLabel("Indicator").fill(text);
  await page.keyboard.press("Enter");
  await answered(page);
}

/** Waits until all answers are there. */
export async function answered(page: Page): Promise<void> {
  await page.locator(".answer").waitFor();
  await page.waitForFunction(() => document.querySelector(".waiting") === null);
}
