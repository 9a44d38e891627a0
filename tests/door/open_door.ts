import { doorApp, type DoorOptions } from "../../lib/door/app.ts";
import type { Answerer } from "../../lib/door/answerer.ts";
import { Callers } from "../../lib/door/callers.ts";
import { LocalAnswerer } from "../../lib/door/local_answerer.ts";
import { QuestionLimit } from "../../lib/door/question_limit.ts";
import { RequestLimit } from "../../lib/door/request_limit.ts";
import { Sessions } from "../../lib/door/sessions.ts";
import { Uploads } from "../../lib/door/uploads.ts";
import { loadPrivateKeys, loadPublicKey } from "../../lib/envelope/key_file.ts";
import { openWithAny } from "../../lib/envelope/open.ts";
import { type Org, org } from "../../lib/identity/org.ts";
import { issueToken } from "../../lib/identity/token.ts";
import { user, type UserType } from "../../lib/identity/user.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqliteEdges } from "../../lib/sqlite/edges.ts";
import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInbox } from "../../lib/sqlite/inbox.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { SqliteLake } from "../../lib/sqlite/lake.ts";
import type { TahoeObject } from "../../lib/tahoe/instance.ts";
import type { Damaged } from "../../lib/tahoe/instances.ts";
import { vectorPath } from "../vectors.ts";

/** The moment at which everything happens, in seconds since 1970. */
export const NOW = 1_700_000_000;

/** The address from which requests come. */
export const ADDRESS = "192.0.2.1";

export const SECRET = "a secret of the tests";

export type DoorSettings = Pick<DoorOptions, "onAnswer" | "onRefusal"> & {
  readonly secret?: string;
  readonly requestsPerMinute?: number;
  readonly questions?: number;
  readonly maxBytes?: number;
  readonly loopbackOnly?: boolean;
  readonly withoutKey?: true;
  /** Answers in place of this process. */
  readonly answerer?: Answerer;
};

/** A response, read. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any -- tests look at any field
  readonly body: any;
};

export type Door = Awaited<ReturnType<typeof openDoor>>;

/** Opens a door over empty stores in memory. */
export async function openDoor(settings: DoorSettings = {}) {
  const { requestsPerMinute = 10_000, questions = 100, maxBytes = 2 ** 20 } = settings;
  const { loopbackOnly = false, secret = SECRET, onAnswer, onRefusal } = settings;
  const sqlite = openSqlite(":memory:");
  const at = (db: string, coll = "instance") => ({ db, coll });
  const identity = new SqliteInstances(sqlite, at("identity_db"));
  const archive = new SqliteInstances(sqlite, at("tahoe_db"));
  const reports = new SqliteInstances(sqlite, at("report_db"));
  const inbox = new SqliteInbox(sqlite, at("report_db"));
  const lake = new SqliteLake(sqlite, at("cache_db", "file_entries"));
  const key = settings.withoutKey
    ? undefined
    : await loadPublicKey(vectorPath("envelopes/pub2048.pem"));
  const errors: unknown[] = [];
  const clock = { now: NOW };
  const now = () => clock.now;
  const answers = {
    graph: new SqliteGraph(sqlite, at("tahoe_db")),
    edges: new SqliteEdges(sqlite, at("tahoe_db")),
    identity,
    decay: 0.998,
    limits: { maxEvents: 1000, maxEdges: 10_000, maxWedges: 10_000, deadline: 10 },
    now,
  };
  const questionLimit = new QuestionLimit(questions);
  const onError = (error: unknown) => errors.push(error);
  const answerer = settings.answerer ??
    new LocalAnswerer({ ...answers, inbox, reports, questions: questionLimit, key, onError });
  const sessions = new Sessions();
  const requests = new RequestLimit(requestsPerMinute, now);
  const damaged: Damaged[] = [];
  const openApp = () =>
    doorApp({
      version: "0",
      callers: new Callers({ identity, secret, sessions, requests }),
      identity,
      secret,
      uploads: new Uploads({ lake, key, maxBytes, aliases: new Map(), now }),
      answerer,
      questions: questionLimit,
      answers,
      sessions,
      loopbackOnly,
      onError,
      onDamaged: (event) => damaged.push(event),
      ...(onAnswer !== undefined && { onAnswer }),
      ...(onRefusal !== undefined && { onRefusal }),
    });
  const app = openApp();
  return {
    app,
    answerer,
    identity,
    archive,
    reports,
    inbox,
    lake,
    sessions,
    clock,
    errors,
    /** Events that were left out because they cannot be read. */
    damaged,
    ...clientOf(app, secret),
    /** Asks a door that was opened again over the same stores. */
    again: () => clientOf(openApp(), secret),
    addUser: async (email: string, type: UserType = "cybexp_user") => {
      const made = user({ email, type, password: "5e884898da28047151d0e56f8dc62927" });
      await identity.put([...made.parts, made.user]);
      return made.user;
    },
    addOrg: async (
      orgname: string,
      users: readonly TahoeObject[],
      admins: readonly TahoeObject[] = users,
    ): Promise<Org> => {
      const made = org({ orgname, users, admins });
      await identity.put([...made.parts, made.org]);
      return made.org;
    },
    close: () => sqlite.close(),
  };
}

/** Sends requests to a door. */
function clientOf({ fetch }: Pick<ReturnType<typeof doorApp>, "fetch">, secret: string) {
  const request = async (path: string, init: RequestInit = {}, address = ADDRESS) => {
    const response = await fetch(new Request(`http://127.0.0.1${path}`, init), { address });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    const { status, headers } = response;
    return { status, headers, body: isJson ? JSON.parse(text) : text } as Answer;
  };
  return {
    request,
    /** Sends a request with a user's token. */
    as: async (member: TahoeObject, path: string, init: RequestInit = {}) =>
      await request(path, { ...init, headers: await authorization(member, secret) }),
    /** Sends a JSON object with a user's token. */
    post: async (member: TahoeObject, path: string, body: unknown) =>
      await request(path, {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: await authorization(member, secret),
      }),
  };
}

/** Makes the header with a user's token. */
export async function authorization(
  member: TahoeObject,
  secret = SECRET,
): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await issueToken(member, secret)}` };
}

/** Opens what is sealed with the key of the tests. */
export async function unseal(bytes: Uint8Array): Promise<string> {
  const keys = await loadPrivateKeys([vectorPath("envelopes/priv2048.pem")], { warn: () => {} });
  return await openWithAny(bytes, keys, { first: "eax" });
}

/** Registers a test with a door of its own. */
export function doorTest(
  name: string,
  body: (door: Door) => Promise<void>,
  settings: DoorSettings = {},
): void {
  Deno.test(name, async () => {
    const door = await openDoor(settings);
    try {
      await body(door);
    } finally {
      await door.close();
    }
  });
}
