import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Proxy } from "../mongo/proxy.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation, type InstallationOptions } from "./installation.ts";

/** Puts an installation's database out of reach, and brings it back. */
export type Outage = {
  begin(): Promise<void> | void;
  end(): void;
};

export type OutageTest = (outage: Outage, installation: Installation) => Promise<void>;

/** Runs a test on MongoDB behind a connection that is cut; registers nothing without a server. */
export function testCutOff(name: string, options: InstallationOptions, test: OutageTest): void {
  const url = mongoUrl();
  if (url === undefined) return;
  Deno.test(name, async () => {
    const { hostname, port } = new URL(url.replace(/^mongodb:/, "http:"));
    const proxy = new Proxy({ hostname, port: Number(port) });
    const mongo = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
    const installation = await install({ ...options, mongo });
    try {
      await test({ begin: () => proxy.cut(), end: () => proxy.mend() }, installation);
    } finally {
      await installation.close();
      await proxy.cut();
    }
  });
}

/** Runs a test on a SQLite file that somebody else locks for writing. */
export function testLockedOut(
  { name, ignore, options }: { name: string; ignore: boolean; options: InstallationOptions },
  test: OutageTest,
): void {
  Deno.test({
    name,
    ignore,
    async fn() {
      const installation = await install(options);
      const db = new DatabaseSync(join(installation.folder, "cybexp.db"));
      const begin = () => db.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
      const end = () => db.exec("ROLLBACK");
      try {
        await test({ begin, end }, installation);
      } finally {
        db.close();
        await installation.close();
      }
    },
  });
}
