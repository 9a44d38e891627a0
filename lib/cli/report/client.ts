import { nowSeconds } from "../../clock.ts";
import { loadPublicKey } from "../../envelope/key_file.ts";
import type { PublicKey } from "../../envelope/key.ts";
import { findUser } from "../../identity/user.ts";
import { sleep } from "../../sleep.ts";
import type { Hash, Report, TahoeObject } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import { answerQuestion, findAsker } from "../../tdql/answer.ts";
import { sealQuery } from "../../tdql/seal_query.ts";
import { readQuery } from "../../tdql/query.ts";
import type { Context, Opened } from "../context.ts";
import { answerOptions } from "./answer_options.ts";
import type { Flags } from "./question_flags.ts";
import { members, textOf } from "./users.ts";

/** Asks a question and gives the report; throws if there is none, or a failed one. */
export type Client = (qtype: string, question: Fields) => Promise<Report>;

/** Milliseconds between looks at a query whose end nobody told us of. */
const LOOK = 1000;

/** Asks as the flags say: whom, in whose name, how long. */
export async function openClient(context: Context, { user, now, timeout }: Flags): Promise<Client> {
  const userid = await useridOf(context, user);
  return now ? await askHere(context, userid) : await askService(context, userid, timeout);
}

/** Answers in this process: no service, no keys. */
async function askHere(context: Context, userid: Hash): Promise<Client> {
  const stores = await context.stores("graph", "edges", "identity");
  const options = answerOptions(stores, await context.config());
  const asker = await findAsker(userid, stores.identity);
  return (qtype, question) => answerQuestion(readQuery(qtype, question), asker, options);
}

/** Asks the report service as the API does, and waits so many seconds for the answer. */
async function askService(context: Context, userid: Hash, timeout: number): Promise<Client> {
  const { archive: { publicKey } } = await context.config();
  const key = await loadPublicKey(publicKey);
  const stores = await context.stores("inbox", "reports");
  await stores.prepare();
  const signal = AbortSignal.timeout(timeout * 1000);
  return (qtype, question) => askOne(qtype, question, { ...stores, userid, key, signal, timeout });
}

type Asking = Opened<"inbox" | "reports"> & {
  readonly userid: Hash;
  readonly key: PublicKey;
  readonly timeout: number;
  readonly signal: AbortSignal;
};

async function askOne(qtype: string, question: Fields, asking: Asking): Promise<Report> {
  const { inbox, reports, userid, key, signal, timeout } = asking;
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nonce = crypto.randomUUID();
  const socket = { host: "localhost", port: BigInt(listener.addr.port), nonce };
  const timestamp = nowSeconds();
  const { query, parts } = await sealQuery(qtype, question, { userid, key, socket, timestamp });
  await inbox.ask(query, parts);
  const told = untilTold(listener, nonce);
  const ended = await untilEnded(() => inbox.find(query._hash), told, signal);
  if (ended === undefined) {
    throw new Error(
      `No answer within ${timeout} s: is "report run" running? The query stays and will be answered; ` +
        "report status shows what waits, --now answers without the service",
    );
  }
  const [report] = await reports.get([String(ended.data["report_id"]?.[0])]) as [Report?];
  if (report === undefined) throw new Error("The query has ended, but its report is missing");
  if (statusOf(ended) === "failed") throw new Error(String(report.data));
  return report;
}

/** Resolves once somebody sends the nonce, or the listener is closed. */
async function untilTold(listener: Deno.TcpListener, nonce: string): Promise<void> {
  const expected = new TextEncoder().encode(nonce);
  try {
    for await (const connection of listener) {
      using caller = connection;
      const bytes = new Uint8Array(expected.length + 1);
      const length = await caller.read(bytes).catch(() => null) ?? 0;
      if (new TextDecoder().decode(bytes.subarray(0, length)) === nonce) return;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

/** The query once it has ended: looks when told, and now and then should nobody tell. */
async function untilEnded(
  find: () => Promise<TahoeObject | undefined>,
  told: Promise<void>,
  signal: AbortSignal,
): Promise<TahoeObject | undefined> {
  while (!signal.aborted) {
    await Promise.race([told, sleep(LOOK, signal)]);
    const query = await find();
    if (query !== undefined && ["ready", "failed"].includes(statusOf(query))) return query;
    // Whoever was told and finds no end was told of a question asked before.
    told = Promise.race([]);
  }
}

function statusOf({ data }: TahoeObject): string {
  return String(data["status"]?.[0]);
}

async function useridOf(context: Context, email: string | undefined): Promise<Hash> {
  const { identity } = await context.stores("identity");
  if (email !== undefined) {
    const user = await findUser(identity, email);
    if (user === undefined) throw new Error(`No user ${email}: report users list shows all`);
    return user._hash;
  }
  const { users } = await members(identity);
  if (users.length === 1) return users[0]!._hash;
  throw new Error(
    users.length === 0
      ? "There is no user to ask as: report users add you@example.com --org example makes one"
      : `Say who asks with --user: ${
        users.slice(0, 5).map((u) => textOf(u, "email_addr")).join(", ")
      }` +
        (users.length > 5 ? " …" : ""),
  );
}
