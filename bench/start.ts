import { nowSeconds } from "../lib/clock.ts";
import { loadPublicKey } from "../lib/envelope/key_file.ts";
import { sealEnvelope } from "../lib/envelope/seal.ts";
import { org } from "../lib/identity/org.ts";
import { user } from "../lib/identity/user.ts";
import { sealQuery } from "../lib/tdql/seal_query.ts";
import { databases } from "../stores.ts";
import { type Figure, median } from "./figure.ts";
import { type Backend, backends, install, keyFolder } from "./installation.ts";

const ROUNDS = 11;

/** Milliseconds between two polls. Each poll costs the database on which the program starts. */
const POLL_INTERVAL = 5;

/** Puts one piece of work where a program finds it; the result says whether it is claimed yet. */
type Offer = () => Promise<() => Promise<boolean>>;

/** Measures the size of the executables from `deno task compile`, and how soon they claim work. */
export async function startBench({ mongo }: { mongo: string | undefined }): Promise<Figure[]> {
  const folder = await keyFolder();
  try {
    const figures = [await size("archive"), await size("report")];
    for (const backend of backends(mongo)) figures.push(...await measure(folder, backend));
    return figures;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function executable(program: string): string {
  return new URL(`../dist/cybexp-${program}`, import.meta.url).pathname;
}

async function size(program: string): Promise<Figure> {
  const { size } = await Deno.stat(executable(program));
  return { name: `cybexp-${program}`, goal: null, measured: size / 1e6, unit: "MB" };
}

async function measure(folder: string, backend: Backend): Promise<Figure[]> {
  const { file, config, remove } = await install(folder, backend);
  const stores = await databases.open(config, ["lake", "archive", "identity", "inbox"]);
  const { lake, identity, inbox } = stores;
  const now = nowSeconds;
  const key = await loadPublicKey(config.archive.publicKey);
  const offerUpload: Offer = async () => {
    const bytes = await sealEnvelope(new TextEncoder().encode("{}"), key);
    const label = { typetag: "sighting", orgid: "lab.example.org", timezone: "UTC" };
    await lake.submit([{ name: "start", ...label, timestamp: now(), bytes }]);
    return async () => (await lake.status(now())).counts.WAITING === 0;
  };
  const member = user({ email: "analyst@example.com" });
  const community = org({ orgname: "example", users: [member.user], admins: [member.user] });
  const offerQuery: Offer = async () => {
    const question = { sub_type: "ipv4", data: `192.0.2.1 at ${performance.now()}` };
    // Nobody listens there: whether the caller is notified does not matter here.
    const socket = { host: "localhost", port: 1024n, nonce: "n".repeat(32) };
    const options = { userid: member.user._hash, key, socket, timestamp: now() };
    const { query, parts } = await sealQuery("count", question, options);
    await inbox.ask(query, parts);
    return async () => (await inbox.status(now())).counts.wait === 0;
  };
  try {
    await stores.prepare();
    await identity.put([...member.parts, member.user, ...community.parts, community.org]);
    return [
      await untilClaimed("archive", { backend, file, offer: offerUpload }),
      await untilClaimed("report", { backend, file, offer: offerQuery }),
    ];
  } finally {
    await stores.close();
    await remove();
  }
}

/** Median time from the start of a process to its first claim. */
async function untilClaimed(
  program: string,
  { backend, file, offer }: { backend: Backend; file: string; offer: Offer },
): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const isClaimed = await offer();
    const start = performance.now();
    const child = new Deno.Command(executable(program), {
      args: ["--config", file, "run"],
      stdout: "null",
      stderr: "null",
    }).spawn();
    while (!await isClaimed()) await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
    times.push((performance.now() - start) / 1000);
    child.kill("SIGTERM");
    await child.status;
  }
  const name = `${backend.name}: cybexp-${program}, from start to first claim`;
  return { name, goal: "≤ 0.3 s", measured: median(times), unit: "s" };
}
