import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import type { Config } from "../../config.ts";
import { isLoopback } from "../../config/listen_address.ts";
import { doorApp } from "../../door/app.ts";
import type { Answerer } from "../../door/answerer.ts";
import { Callers } from "../../door/callers.ts";
import { forwardedAddress } from "../../door/client_address.ts";
import { Gate, type GateOptions, type Handler } from "../../door/gate.ts";
import { InboxAnswerer } from "../../door/inbox_answerer.ts";
import { LocalAnswerer } from "../../door/local_answerer.ts";
import { QuestionLimit } from "../../door/question_limit.ts";
import { RequestLimit } from "../../door/request_limit.ts";
import { Sessions } from "../../door/sessions.ts";
import { Uploads } from "../../door/uploads.ts";
import type { PublicKey } from "../../envelope/key.ts";
import { loadPublicKey } from "../../envelope/key_file.ts";
import { ConfigError, errorMessage } from "../../errors.ts";
import { exists } from "../../exists.ts";
import { log } from "../../log.ts";
import type { Hash } from "../../tahoe/instance.ts";
import { Notifications } from "../../tdql/notifications.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { newCommand } from "../command.ts";
import type { Context, OpenStores } from "../context.ts";
import { Outage } from "../outage.ts";
import { revokePermissions } from "../revoke_permissions.ts";
import { publishMetrics } from "../metrics.ts";
import { openServiceStores } from "../service.ts";
import { ServiceManager } from "../service_manager.ts";
import { answerOptions } from "./answer_options.ts";
import { findUserid } from "./client.ts";
import { DamageLog } from "./damage_log.ts";
import { DoorMetrics } from "../../door/door_metrics.ts";
import { serviceMemory } from "./rank_memory.ts";
import {
  checkExposure,
  checkUser,
  readListen,
  readTls,
  type ServeFlags,
  writeAddress,
} from "./serve_flags.ts";

/** Milliseconds for requests that are being answered when the program is told to stop. */
const GRACE_MS = 7000;

const STORES = ["lake", "inbox", "reports", "identity", "graph", "edges"] as const;

type DoorStores = OpenStores<typeof STORES[number]>;

const EXPLANATION = `
On this machine, without a configuration, one command is enough: it prints an address for
your browser, which can be opened once. Programs send a token: report users token EMAIL.
Questions are answered here if the archive is an SQLite file, or with --answer-here;
otherwise report run answers them. Uploads and questions are sealed with the public key
of the archive; no private key is needed.`;

export function serveCommand(context: Context): Command {
  return newCommand("serve", "answer members, analysts and their programs over HTTP", [
    "report serve                                  on this machine, at 127.0.0.1:8480",
    "report serve --listen 127.0.0.1:9000 --user analyst@example.com",
    "report serve --behind-proxy                   a reverse proxy has TLS",
    "report serve --listen 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem",
  ])
    .option("--listen <address:port>", "where to listen, instead of door.listen")
    .option("--tls-cert <file>", "certificate chain for TLS, as PEM")
    .option("--tls-key <file>", "its private key, as PEM")
    .option("--behind-proxy", "a reverse proxy sends the requests: X-Forwarded-For is believed")
    .option("--answer-here", "answer questions in this process, not by report run")
    .option("-u, --user <email>", "print an address with which a browser asks as this user")
    .addHelpText("after", EXPLANATION)
    .action((flags: ServeFlags, command: Command) => serve(context, flags, command));
}

async function serve(context: Context, flags: ServeFlags, command: Command): Promise<void> {
  const config = await context.config();
  const listen = readListen(flags, config, command);
  const tls = await readTls(flags, command);
  checkUser(listen, flags, command);
  checkExposure(listen, flags, config);
  const signal = context.stopSignal();
  await using kept = new AsyncDisposableStack();
  const manager = new ServiceManager((name) => Deno.env.get(name));
  kept.defer(() => manager.close());
  signal.addEventListener("abort", () => manager.notifyStopping(), { once: true });
  const onWait = () => manager.notifyWaiting();
  const metrics = new DoorMetrics();
  const publication = kept.use(
    await publishMetrics(context, {
      target: config.door.metrics,
      families: () => metrics.families(),
    }),
  );
  const stores = await openServiceStores(context, STORES, { once: false, signal, onWait });
  if (stores === undefined) return;
  publication.includeStore(() => checkAnswers(stores));
  const loopbackOnly = isLoopback(listen) && flags.behindProxy !== true;
  const userid = await sessionUser(context, flags, { ...config, loopbackOnly });
  const key = await findKey(config);
  const answersHere = flags.answerHere === true || config.archive.url.startsWith("sqlite:");
  const questions = new QuestionLimit(config.door.questions);
  const answerer = answersHere
    ? localAnswerer({ stores, config, key, questions, kept })
    : inboxAnswerer({ stores, key, questions, kept });
  const sessions = new Sessions();
  const handler = createHandler(stores, {
    version: context.version,
    config,
    key,
    answerer,
    questions,
    sessions,
    metrics,
    loopbackOnly,
    behindProxy: flags.behindProxy === true,
  });
  const gate = openGate({
    ...listen,
    handler,
    ...(tls !== undefined && { tls }),
    onClose: (reason) => metrics.countClosed(reason),
  });
  metrics.watchConnections(() => gate.connections);
  await revokePermissions();
  manager.notifyReady(() => true);
  log.info("Door open", { address: writeAddress(listen), answers: answersHere ? "here" : "inbox" });
  if (userid !== undefined) {
    const scheme = tls === undefined ? "http" : "https";
    showAddress(context, `${scheme}://${writeAddress(listen)}/?token=${sessions.offer(userid)}`);
  }
  await aborted(signal);
  await gate.drain(GRACE_MS);
  log.info("Door closed");
}

/** Loads the public key; undefined if there is none, so that nothing can be sealed. */
async function findKey({ archive: { publicKey } }: Config): Promise<PublicKey | undefined> {
  if (await exists(publicKey)) return await loadPublicKey(publicKey);
  log.warn(
    `No uploads are taken: there is no public key at ${publicKey} to seal them with. ` +
      "To make a pair: archive keygen",
  );
  return undefined;
}

/** Finds out whether the database answers, whatever it finds; the store has no metrics of the door. */
async function checkAnswers({ identity }: Pick<DoorStores, "identity">): Promise<readonly []> {
  await identity.get(["0".repeat(64)]);
  return [];
}

/** Finds the user to whom a browser's session is offered: without a configuration, the only one. */
async function sessionUser(
  context: Context,
  { user }: ServeFlags,
  { file, loopbackOnly }: Pick<Config, "file"> & { readonly loopbackOnly: boolean },
): Promise<Hash | undefined> {
  if (!loopbackOnly || (user === undefined && file !== null)) return undefined;
  return await findUserid(context, user);
}

type KeptOptions = {
  readonly stores: DoorStores;
  readonly key: PublicKey | undefined;
  readonly questions: QuestionLimit;
  /** Disposes of what the answerer uses. */
  readonly kept: AsyncDisposableStack;
};

function localAnswerer(
  { stores, config, key, questions, kept }: KeptOptions & { readonly config: Config },
): Answerer {
  const memory = kept.use(serviceMemory(stores, config))?.memory;
  return new LocalAnswerer({
    ...answerOptions(stores, config),
    ...(memory !== undefined && { memory }),
    inbox: stores.inbox,
    reports: stores.reports,
    questions,
    key,
    onError: (error) => {
      if (!(error instanceof QueryError)) log.error("Cannot answer a question", { error });
    },
  });
}

function inboxAnswerer({ stores, key, questions, kept }: KeptOptions): Answerer {
  const { inbox, reports, identity } = stores;
  const notifications = kept.use(new Notifications());
  return new InboxAnswerer({
    inbox,
    reports,
    identity,
    notifications,
    questions,
    key,
    now: nowSeconds,
  });
}

type HandlerOptions = {
  readonly version: string;
  readonly config: Config;
  readonly key: PublicKey | undefined;
  readonly answerer: Answerer;
  readonly questions: QuestionLimit;
  readonly sessions: Sessions;
  readonly metrics: DoorMetrics;
  readonly loopbackOnly: boolean;
  /** Whether the client's address is the one that a proxy names. */
  readonly behindProxy: boolean;
};

/** Makes what answers all requests. */
function createHandler(
  stores: DoorStores,
  { config, key, behindProxy, metrics, ...options }: HandlerOptions,
): Handler {
  const { identity, lake } = stores;
  const { secret } = config.identity;
  const { maxBytes, aliases } = config.archive;
  const requests = new RequestLimit(config.door.requestsPerMinute, nowSeconds);
  const outage = new Outage();
  const damage = new DamageLog();
  const app = doorApp({
    ...options,
    callers: new Callers({
      identity,
      secret,
      sessions: options.sessions,
      requests,
      onAvailable: () => outage.end(),
    }),
    identity,
    secret,
    uploads: new Uploads({ lake, key, maxBytes, aliases, now: nowSeconds }),
    answers: answerOptions(stores, config),
    onError: (error) => outage.record(error),
    onAnswer: (answered) => metrics.countAnswer(answered),
    onRefusal: (refusal) => metrics.countRefusal(refusal),
    onDamaged: (event) => {
      metrics.countDamaged();
      damage.note(event);
    },
  });
  return (request, peer) => {
    const address = behindProxy ? forwardedAddress(request.headers, peer) : peer;
    return app.fetch(request, { address });
  };
}

/** @throws {ConfigError} CONFIG when the port or what TLS needs is not available. */
function openGate(options: GateOptions): Gate {
  try {
    return new Gate(options);
  } catch (error) {
    const fault = options.tls !== undefined && !isPortFault(error)
      ? "Cannot use the files of --tls-cert and --tls-key: they are not a certificate and its " +
        "key as PEM"
      : `Cannot listen at ${writeAddress(options)}: ${errorMessage(error)}. ` +
        "Choose another address or port with --listen, or set door.listen";
    throw new ConfigError([fault], { cause: error });
  }
}

function isPortFault(error: unknown): boolean {
  const { AddrInUse, AddrNotAvailable, PermissionDenied, NotCapable } = Deno.errors;
  return [AddrInUse, AddrNotAvailable, PermissionDenied, NotCapable]
    .some((Kind) => error instanceof Kind);
}

function showAddress(context: Pick<Context, "show">, address: string): void {
  context.show({ address }, () => `Open this address in your browser, once:\n  ${address}`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
