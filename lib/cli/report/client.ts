import type { Ask } from "../../answers/ask_answer.ts";
import { nowSeconds } from "../../clock.ts";
import type { PublicKey } from "../../envelope/key.ts";
import { namesByHash, orgsOf } from "../../identity/org.ts";
import { findUser } from "../../identity/user.ts";
import { log } from "../../log.ts";
import type { Hash, Report, TahoeObject } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import { answerQuestion, type Asker, findAsker } from "../../tdql/answer.ts";
import { askInbox, findReport, statusOf } from "../../tdql/ask.ts";
import { Notifications } from "../../tdql/notifications.ts";
import { readQuery } from "../../tdql/query.ts";
import type { Context, OpenStores } from "../context.ts";
import { didYouMean } from "../did_you_mean.ts";
import { loadSealingKey } from "../sealing_key.ts";
import { answerOptions } from "./answer_options.ts";
import { firstValue, listMembers, userEmails } from "./members.ts";
import { commandMemory } from "./rank_memory.ts";
import type { QuestionFlags } from "./question_flags.ts";

/** A user's access to answers. */
export type Client = {
  /**
   * Asks a question.
   *
   * @throws {Error} when there is no answer in time, or the report is a failed one.
   */
  readonly ask: Ask;
  /** Names of the organisations whose events the user may see, by hash. */
  organisations(): Promise<ReadonlyMap<Hash, string>>;
};

const KEY_ADVICE =
  "The report service is asked with its public key (archive keygen makes a pair). " +
  "To answer in this process, without a key or the service, give --now";

/** Creates the client that the flags describe: who asks, and whether the service answers. */
export async function openClient(
  context: Context,
  { user, now, timeout }: Pick<QuestionFlags, "user" | "now" | "timeout">,
): Promise<Client> {
  const userid = await findUserid(context, user);
  return now ? await localClient(context, userid) : await serviceClient(context, userid, timeout);
}

/** Warns that every answer will be empty, if the user belongs to no organisation. */
export async function warnWithoutOrg(
  identity: InstanceStore,
  { userid, orgids }: Asker,
): Promise<void> {
  if (orgids.length > 0) return;
  const [user] = await identity.get([userid]) as TahoeObject[];
  const email = user === undefined ? "The user" : firstValue(user, "email_addr");
  log.warn(
    `${email} belongs to no organisation, and sees no events. To change that, give the ` +
      `name of one behind report users add ${email} --org; report orgs list shows which there are`,
  );
}

/** Creates a client that answers in this process, without service or keys. */
async function localClient(context: Context, userid: Hash): Promise<Client> {
  const stores = await context.stores("graph", "edges", "identity");
  const config = await context.config();
  const memory = commandMemory(stores, config);
  const options = { ...answerOptions(stores, config), ...(memory && { memory }) };
  const asker = await findAsker(userid, stores.identity);
  await warnWithoutOrg(stores.identity, asker);
  return {
    ask: (qtype, question) => answerQuestion(readQuery(qtype, question), asker, options),
    organisations: async () => namesByHash(await orgsOf(stores.identity, userid)),
  };
}

/** Creates a client that asks the report service as the API does. `timeout` is in seconds. */
async function serviceClient(context: Context, userid: Hash, timeout: number): Promise<Client> {
  const { archive } = await context.config();
  const key = await loadSealingKey(archive, KEY_ADVICE);
  const stores = await context.stores("inbox", "reports", "identity");
  await warnWithoutOrg(stores.identity, await findAsker(userid, stores.identity));
  await stores.prepare();
  const signal = AbortSignal.timeout(timeout * 1000);
  const connection = { ...stores, userid, key, signal, timeout };
  return {
    ask: (qtype, question) => askService(qtype, question, connection),
    organisations: async () => namesByHash(await orgsOf(stores.identity, userid)),
  };
}

/** What asking the service takes; `signal` aborts after `timeout` seconds. */
type Connection = Pick<OpenStores<"inbox" | "reports">, "inbox" | "reports"> & {
  readonly userid: Hash;
  readonly key: PublicKey;
  readonly timeout: number;
  readonly signal: AbortSignal;
};

async function askService(
  qtype: string,
  question: Fields,
  { inbox, reports, userid, key, signal, timeout }: Connection,
): Promise<Report> {
  using notifications = new Notifications();
  const timestamp = nowSeconds();
  const options = { inbox, notifications, userid, key, timestamp, signal };
  const ended = await askInbox(qtype, question, options);
  if (ended === undefined) {
    throw new Error(
      `No answer within ${timeout} s: is "report run" running? The query stays in the inbox and ` +
        'will be answered. "report status" shows what is waiting; ' +
        "--now answers without the service",
    );
  }
  const report = await findReport(reports, ended);
  if (report === undefined) {
    throw new Error("Cannot show the answer: its report is missing. Ask again");
  }
  if (statusOf(ended) === "failed") throw new Error(String(report.data));
  return report;
}

/** Finds the user to ask as: the one of this address, or else the only one. */
export async function findUserid(context: Context, email: string | undefined): Promise<Hash> {
  const { identity } = await context.stores("identity");
  if (email !== undefined) {
    const user = await findUser(identity, email);
    if (user !== undefined) return user._hash;
    throw new Error(
      `Cannot ask as ${email}: there is no such user.` +
        `${didYouMean(email, await userEmails(identity))} To list the users: report users list`,
    );
  }
  const { users: [first, ...others] } = await listMembers(identity);
  if (first === undefined) {
    throw new Error(
      "There is no user to ask as. To add one: report users add you@example.com --org example",
    );
  }
  if (others.length === 0) return first._hash;
  const emails = [first, ...others].slice(0, 5).map((user) => firstValue(user, "email_addr"));
  throw new Error(
    `Say who asks with --user: ${emails.join(", ")}${others.length >= 5 ? " …" : ""}`,
  );
}
