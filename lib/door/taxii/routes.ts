import { type Context, Hono } from "hono";
import type { Graph } from "../../graph/graph.ts";
import type { TahoeObject } from "../../tahoe/instance.ts";
import type { Damaged, InstanceStore } from "../../tahoe/instances.ts";
import type { Callers } from "../callers.ts";
import type { DoorEnvironment } from "../environment.ts";
import { Refusal } from "../refusal.ts";
import {
  type Collection,
  collectionFields,
  collectionsOf,
  findCollection,
  STIX_TYPE,
} from "./collections.ts";
import { timestamp, versionOf } from "./match.ts";
import type { AddedObject } from "./added_object.ts";
import { BEGINNING, type Cursor, ObjectPages } from "./object_pages.ts";
import { readObjectRequest, writeCursor } from "./object_request.ts";
import { replyTaxii } from "./reply_taxii.ts";

export type TaxiiOptions = {
  readonly callers: Callers;
  readonly identity: InstanceStore;
  readonly answers: { readonly graph: Graph; readonly now: () => number };
  /** Called with each event that is left out of a page because it cannot be read. */
  readonly onDamaged?: (event: Damaged) => void;
};

const ROOT = "/taxii2/api/";

/** Milliseconds for which one object is looked for. */
const SEARCH_MS = 20_000;

type Route = (
  context: Context<DoorEnvironment>,
  user: TahoeObject,
) => Promise<Response> | Response;

/** TAXII 2.1, read only: the collections of a user, as clients of other programs poll them. */
export function taxii(options: TaxiiOptions): Hono<DoorEnvironment> {
  const { callers, identity, answers: { graph, now }, onDamaged = () => {} } = options;
  const app = new Hono<DoorEnvironment>();
  const get = (path: string, route: Route) =>
    app.get(path, async (context) => {
      const { req, env } = context;
      const { user } = await callers.identify(req.raw, env.address, ["Basic", "Bearer"]);
      checkAccept(req.header("accept"));
      return await route(context, user);
    });
  const collectionOf = ({ req }: Context<DoorEnvironment>, { _hash: userid }: TahoeObject) =>
    findCollection(identity, { userid, id: req.param("collection")! });
  const pagesOf = (collection: Collection) =>
    new ObjectPages({ graph, collection, now, onDamaged });

  get("/taxii2/", () => replyTaxii({ title: "cybexp", default: ROOT, api_roots: [ROOT] }));
  get(ROOT, () => replyTaxii(ROOT_FIELDS));
  get(`${ROOT}collections/`, async (_context, { _hash }) => {
    const collections = (await collectionsOf(identity, _hash)).map(collectionFields);
    return replyTaxii({ collections });
  });
  const at = `${ROOT}collections/:collection/`;
  get(at, async (context, user) => replyTaxii(collectionFields(await collectionOf(context, user))));
  get(`${at}objects/`, async (context, user) => {
    const pages = pagesOf(await collectionOf(context, user));
    const { objects, next } = await readPage(pages, context, graph);
    return replyTaxii(envelope(objects.map(({ object }) => object), next), objects);
  });
  get(`${at}manifest/`, async (context, user) => {
    const pages = pagesOf(await collectionOf(context, user));
    const { objects, next } = await readPage(pages, context, graph);
    return replyTaxii(envelope(objects.map(manifestEntry), next), objects);
  });
  get(`${at}objects/:object/`, async (context, user) => {
    const found = await findObject(pagesOf(await collectionOf(context, user)), context);
    return replyTaxii(envelope([found.object], undefined), [found]);
  });
  get(`${at}objects/:object/versions/`, async (context, user) => {
    const found = await findObject(pagesOf(await collectionOf(context, user)), context);
    return replyTaxii({ versions: [versionOf(found.object)] }, [found]);
  });
  return app;
}

const ROOT_FIELDS = {
  title: "cybexp",
  versions: ["application/taxii+json;version=2.1"],
  // Nothing is taken.
  max_content_length: 1,
};

/** @throws {Refusal} 406 when a client takes no form of JSON. */
function checkAccept(accept: string | undefined): void {
  if (accept === undefined || /application\/(?:taxii\+json|json|\*)|\*\/\*/.test(accept)) return;
  throw new Refusal(406, "Cannot answer in this form: accept application/taxii+json;version=2.1");
}

async function readPage(pages: ObjectPages, { req }: Context<DoorEnvironment>, graph: Graph) {
  const { start, ...wanted } = await readObjectRequest(req.url, graph);
  return await pages.read(start, wanted);
}

/** Looks for the object that an address names. */
async function findObject(
  pages: ObjectPages,
  { req }: Context<DoorEnvironment>,
): Promise<AddedObject> {
  const match = { id: [req.param("object")!] };
  const end = performance.now() + SEARCH_MS;
  let cursor: Cursor | undefined = BEGINNING;
  while (cursor !== undefined) {
    const { objects: [found], next }: Awaited<ReturnType<ObjectPages["read"]>> = await pages.read(
      cursor,
      { match, limit: 1 },
    );
    if (found !== undefined) return found;
    if (performance.now() > end) {
      throw new Refusal(503, "Cannot find the object in time: read the collection page by page");
    }
    cursor = next;
  }
  throw new Refusal(404, "There is no such object in this collection");
}

function envelope(objects: readonly unknown[], next: Cursor | undefined) {
  return {
    ...(next === undefined ? { more: false } : { more: true, next: writeCursor(next) }),
    ...(objects.length > 0 && { objects }),
  };
}

function manifestEntry(added: AddedObject) {
  return {
    id: added.object.id,
    date_added: timestamp(added.added),
    version: versionOf(added.object),
    media_type: STIX_TYPE,
  };
}
