import { errorMessage } from "../errors.ts";
import { findOrg, isOrg, type Org } from "../identity/org.ts";
import { checkUploadFields } from "../lake/submit.ts";
import { isHash } from "../tahoe/hash.ts";
import type { TahoeObject } from "../tahoe/instance.ts";
import { type InstanceStore, leaveOut } from "../tahoe/instances.ts";
import { Refusal } from "./refusal.ts";
import type { UploadForm } from "./upload_form.ts";
import type { Uploads } from "./uploads.ts";
import { keyError } from "./key_error.ts";

/** Fields of the form, beside `file`. */
const NAMES = ["name", "orgid", "timezone", "typetag"] as const;

export type ReceiveOptions = { readonly identity: InstanceStore; readonly uploads: Uploads };

/** An upload that is in the lake, as the entry `id`. */
export type ReceivedUpload = { readonly id: string; readonly name: string };

/**
 * Takes a file of an organisation whose admin the user is into the lake: durable when this resolves.
 *
 * @throws {Refusal} when it cannot be taken, in the words of the Python API.
 */
export function receiveUpload(
  request: Pick<Request, "body" | "headers">,
  user: TahoeObject,
  { identity, uploads }: ReceiveOptions,
): Promise<ReceivedUpload> {
  return uploads.receive(request, { names: NAMES, caller: user._hash }, async (form) => {
    const org = await findUploadOrg(identity, field(form, "orgid"));
    if (!org._adm_ref.includes(user._hash)) {
      throw new Refusal(401, "You are not an admin of this org!");
    }
    const [name, typetag] = [field(form, "name"), field(form, "typetag")];
    const upload = { typetag, orgid: org._hash, timezone: form.fields.get("timezone") ?? "UTC" };
    checkFields(upload);
    if (form.file === undefined || form.file.length === 0) {
      throw new Refusal(400, "Invalid or missing file!");
    }
    return { id: await uploads.put(name, form.file, upload), name };
  });
}

function field({ fields }: UploadForm, name: typeof NAMES[number]): string {
  const value = fields.get(name);
  if (value === undefined) throw new Refusal(400, `Invalid input: ${keyError(name)} '${name}'!`);
  return value;
}

function checkFields(upload: Parameters<typeof checkUploadFields>[0]): void {
  try {
    checkUploadFields(upload);
  } catch (error) {
    throw new Refusal(400, `Invalid input: ${errorMessage(error)}!`);
  }
}

/** Finds an organisation by its hash, or else its name. */
async function findUploadOrg(identity: InstanceStore, orgid: string): Promise<Org> {
  const [found] = isHash(orgid) ? await identity.get([orgid], leaveOut) : [];
  const org = isOrg(found)
    ? found
    : orgid.isWellFormed()
    ? await findOrg(identity, orgid)
    : undefined;
  if (org === undefined) throw new Refusal(400, `Invalid 'orgid'=${orgid}!`);
  return org;
}
