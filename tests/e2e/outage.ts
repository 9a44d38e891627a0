import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Proxy } from "../mongo/proxy.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation, type InstallationOptions } from "./installation.ts";

/** Makes an installation's database unavailable, and available again. */
export type Outage = {
  begin(): Promise<void> | void;
  end(): void;
};

/** The body of a test of an outage. */
export type OutageTest = (outage: Outage, installation: Installation) => Promise<void>;

/** Registers a test on MongoDB whose connection can be cut; does nothing without a server. */
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

/** Registers a test on a SQLite file that another connection locks for writing. */
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
