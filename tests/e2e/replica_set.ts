import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MongoClient } from "mongodb";
import { sleep } from "../../lib/sleep.ts";

const SCRIPT = fileURLToPath(new URL("../../.ci/mongod", import.meta.url));
const never = new AbortController().signal;

type Member = { readonly port: number; readonly folder: string; process: Deno.ChildProcess };

/** A replica set for one test, whose primary can be killed, or whose files can be copied. */
export class ReplicaSet {
  readonly #mongod: string;
  readonly #folder: string;
  readonly #members: Member[];

  private constructor(mongod: string, folder: string, members: number) {
    this.#mongod = mongod;
    this.#folder = folder;
    this.#members = Array.from({ length: members }, (_, number) => {
      const member = { port: freePort(), folder: join(folder, `${number}`) };
      Deno.mkdirSync(member.folder);
      return { ...member, process: this.#start(member) };
    });
  }

  /** Starts the servers; resolves once there is a primary. */
  static async start(size = 3): Promise<ReplicaSet> {
    const { stdout } = await new Deno.Command(SCRIPT, { stderr: "inherit" }).output();
    const mongod = new TextDecoder().decode(stdout).trim();
    const set = new ReplicaSet(mongod, await Deno.makeTempDir({ prefix: "cybexp-set-" }), size);
    const members = set.#members.map(({ port }, _id) => ({ _id, host: `127.0.0.1:${port}` }));
    const direct = members.map(({ host }) => `mongodb://${host}/?directConnection=true`);
    // The set is refused unless all of its members listen.
    await Promise.all(
      direct.map((url) => onServer(url, (client) => client.db("admin").command({ ping: 1 }))),
    );
    await onServer(
      direct[0]!,
      (client) =>
        client.db("admin").command({
          replSetInitiate: { _id: "set", members, settings: { electionTimeoutMillis: 3000 } },
        }),
    );
    await set.#primary();
    return set;
  }

  get url(): string {
    const hosts = this.#members.map(({ port }) => `127.0.0.1:${port}`);
    return `mongodb://${hosts.join()}/?replicaSet=set`;
  }

  /** Kills the primary; restarts it a second later, in the role that the others give it. */
  async killPrimary(): Promise<void> {
    const port = await this.#primary();
    const member = this.#members.find((member) => member.port === port)!;
    member.process.kill("SIGKILL");
    await member.process.status;
    await sleep(1000, never);
    member.process = this.#start(member);
  }

  /** Copies the files of a set with one server, whose writes are blocked meanwhile. */
  async backUp(): Promise<void> {
    const { folder } = this.#members[0]!;
    await onServer(this.url, async (client) => {
      const admin = client.db("admin");
      await admin.command({ fsync: 1, lock: true });
      const copying = new Deno.Command("cp", { args: ["-r", folder, `${folder}.copy`] });
      const { success } = await copying.output();
      await admin.command({ fsyncUnlock: 1 });
      if (!success) throw new Error("Cannot copy the files of the server");
    });
  }

  /** Restarts the server on the copy of its files. */
  async restore(): Promise<void> {
    const member = this.#members[0]!;
    member.process.kill("SIGTERM");
    await member.process.status;
    await Deno.remove(member.folder, { recursive: true });
    await Deno.rename(`${member.folder}.copy`, member.folder);
    member.process = this.#start(member);
    await this.#primary();
  }

  async close(): Promise<void> {
    for (const { process } of this.#members) {
      process.kill("SIGKILL");
      await process.status;
    }
    await Deno.remove(this.#folder, { recursive: true });
  }

  #start({ port, folder }: { readonly port: number; readonly folder: string }): Deno.ChildProcess {
    const options = ["--bind_ip", "127.0.0.1", "--replSet", "set", "--wiredTigerCacheSizeGB"];
    return new Deno.Command(this.#mongod, {
      args: ["--dbpath", folder, "--port", `${port}`, ...options, "0.25"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  #primary(): Promise<number> {
    return onServer(this.url, async (client) => {
      const { primary } = await client.db("admin").command({ hello: 1 });
      return Number(String(primary).split(":")[1]);
    });
  }
}

/** Connects to a server, waits until it accepts writes, and runs `work` on it. */
async function onServer<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 60_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
