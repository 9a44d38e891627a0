import {
  type ChangeStream,
  type ClientSession,
  type Collection,
  type Document,
  type ObjectId,
  type ResumeToken,
  Timestamp,
} from "mongodb";
import type { EdgeChunk, EdgeFollower, FollowOptions, NumberOf } from "../graph/edge_follower.ts";
import { toEdgeEvent } from "./edge_event.ts";
import type { Mongo } from "./open.ts";
import { toStoreError } from "./store_errors.ts";

/** Documents in one batch of an answer: some milliseconds of work. */
const BATCH_SIZE = 500;

/** Milliseconds for which the server may wait for a change before it says that there is none. */
const MAX_AWAIT = 5;

/** Milliseconds in which the changes must have come that were made before a call. */
const PATIENCE = 5000;

const EDGES = { itype: { $in: ["event", "object"] } };

const FIELDS = { _hash: 1, _ref: 1, timestamp: 1, category: 1, orgid: 1, itype: 1 };

/** Fields of an event that the graph contains. No update changes the itype of a document. */
const GRAPH_FIELDS = ["_hash", "itype", "timestamp", "category", "orgid"];

const nameList = (fields: string) => ({
  $map: { input: { $objectToArray: { $ifNull: [fields, {}] } }, in: "$$this.k" },
});

/** Changes without inserts that do not concern the graph; of updates, the names of the fields. */
const PIPELINE: Document[] = [
  {
    $match: {
      $or: [
        { "operationType": { $ne: "insert" } },
        { "fullDocument.itype": { $in: ["event", "object"] } },
      ],
    },
  },
  {
    $project: {
      operationType: 1,
      documentKey: 1,
      fullDocument: FIELDS,
      fields: {
        $concatArrays: [
          nameList("$updateDescription.updatedFields"),
          { $ifNull: ["$updateDescription.removedFields", []] },
          { $ifNull: ["$updateDescription.truncatedArrays.field", []] },
        ],
      },
    },
  },
];

/** A change as {@link PIPELINE} shows it. */
type Change = {
  readonly operationType: string;
  readonly documentKey?: { readonly _id: ObjectId };
  readonly fullDocument?: Document;
  readonly fields: readonly string[];
};

/** Follows a collection by a change stream, which begins before everything is read. */
export class MongoEdgeFollower implements EdgeFollower {
  readonly #mongo: Mongo;
  readonly #documents: Collection<Document>;
  readonly #changes: boolean;
  readonly #numberOf: NumberOf;
  #stream: ChangeStream<Document, Document> | undefined;
  #isStarted = false;

  constructor(
    mongo: Mongo,
    documents: Collection<Document>,
    { changes, numberOf }: FollowOptions,
  ) {
    this.#changes = changes;
    this.#numberOf = numberOf;
    this.#mongo = mongo;
    this.#documents = documents;
  }

  async *read(): AsyncIterable<EdgeChunk | "changed"> {
    try {
      if (!this.#isStarted) {
        // A read in the same session sees what was written until the session's last command.
        await using session = this.#mongo.client.startSession({ causalConsistency: true });
        await this.#start(session);
        yield* this.#readAll(session);
      } else if (this.#stream === undefined) yield "changed";
      if (this.#stream !== undefined) yield* this.#readChanges(this.#stream);
    } catch (error) {
      throw toStoreError(error);
    }
  }

  async close(): Promise<void> {
    await this.#stream?.close();
  }

  /** Begins to watch from the moment after the session's last command. */
  async #start(session: ClientSession): Promise<void> {
    this.#isStarted = true;
    if (!this.#changes) return;
    const { t, i } = await this.#operationTime(session);
    this.#stream = this.#documents.watch(PIPELINE, {
      startAtOperationTime: new Timestamp({ t, i: i + 1 }),
      maxAwaitTimeMS: MAX_AWAIT,
      batchSize: BATCH_SIZE,
    });
  }

  async *#readAll(session: ClientSession): AsyncIterable<EdgeChunk> {
    const cursor = this.#documents.find(EDGES, {
      session,
      projection: { _id: 0, ...FIELDS },
      batchSize: BATCH_SIZE,
    });
    try {
      while (await cursor.hasNext()) {
        yield toChunk(cursor.readBufferedDocuments(), this.#numberOf);
      }
    } finally {
      await cursor.close();
    }
  }

  /** Reads changes until the stream has come to the moment of the call. */
  async *#readChanges(
    stream: ChangeStream<Document, Document>,
  ): AsyncIterable<EdgeChunk | "changed"> {
    const until = await this.#operationTime();
    const end = performance.now() + PATIENCE;
    while (true) {
      const changes: Change[] = [];
      let change: Document | null;
      while (changes.length < BATCH_SIZE && (change = await stream.tryNext()) !== null) {
        changes.push(change as Change);
      }
      const isOver = stream.closed || performance.now() > end;
      if (isOver || await this.#hasChanged(changes)) return yield "changed";
      if (changes.length > 0) {
        yield toChunk(changes.flatMap(insertedDocument), this.#numberOf);
      } else if (hasReached(stream.resumeToken, until)) return;
    }
  }

  async #hasChanged(changes: readonly Change[]): Promise<boolean> {
    if (changes.some(changesGraph)) return true;
    const ids = changes.filter(({ fields }) => fields.some((name) => topLevel(name) === "_ref"))
      .map(({ documentKey }) => documentKey!._id);
    if (ids.length === 0) return false;
    // Sessions and Raws gain references all the time.
    const found = await this.#documents.find({ _id: { $in: ids } }, { projection: { itype: 1 } })
      .toArray();
    const others = found.filter(({ itype }) => itype !== "event" && itype !== "object");
    return others.length < new Set(ids.map(String)).size;
  }

  /** The moment on the server's clock of changes. */
  async #operationTime(session?: ClientSession): Promise<Timestamp> {
    const options = { ...(session !== undefined && { session }) };
    const { dbName } = this.#documents;
    const { operationTime } = await this.#mongo.client.db(dbName).command({ ping: 1 }, options);
    return operationTime;
  }
}

/** Whether a change alone shows that the graph is another: an update of `_ref` does not. */
function changesGraph({ operationType, fullDocument, fields }: Change): boolean {
  switch (operationType) {
    case "insert":
      return false;
    case "update":
      return fields.some((name) => GRAPH_FIELDS.includes(topLevel(name)));
    case "replace":
      return EDGES.itype.$in.includes(fullDocument?.["itype"]);
    default:
      // Of what was removed, a change tells only the _id.
      return true;
  }
}

/** The field of the document in a name such as `_ref.5`. */
function topLevel(name: string): string {
  return name.split(".", 1)[0]!;
}

function insertedDocument({ operationType, fullDocument }: Change): Document[] {
  return operationType === "insert" && fullDocument !== undefined ? [fullDocument] : [];
}

/** The events at finite times, but those of no organisation, which nobody may see. */
function toChunk(documents: readonly Document[], numberOf: NumberOf): EdgeChunk {
  const events = documents.filter(({ itype, timestamp, orgid }) =>
    itype === "event" && Number.isFinite(timestamp) && typeof orgid === "string"
  );
  const objects = documents.filter(({ itype, _hash }) =>
    itype === "object" && typeof _hash === "string"
  );
  return {
    events: events.map((document) => {
      const event = toEdgeEvent(document);
      return {
        ...event,
        references: event.references.map(numberOf),
        orgid: document["orgid"],
      };
    }),
    objects: objects.map(({ _hash }) => numberOf(_hash)),
  };
}

/**
 * Whether a stream has come to a moment. A token begins with its time: after the type 82, seconds
 * and a counter, as hex digits. A token of another form is not understood, and has come nowhere.
 */
function hasReached(token: ResumeToken, until: Timestamp): boolean {
  const data = (token as { readonly _data?: unknown } | undefined)?._data;
  const [, seconds, counter] = /^82([0-9A-F]{8})([0-9A-F]{8})/i.exec(String(data)) ?? [];
  if (seconds === undefined || counter === undefined) return false;
  const difference = parseInt(seconds, 16) - until.t;
  return difference > 0 || difference === 0 && parseInt(counter, 16) >= until.i;
}
