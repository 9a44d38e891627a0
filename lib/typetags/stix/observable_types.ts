import type { Value } from "../../tahoe/value.ts";

/** What is read from an observable. Paths are names joined by `/`; a list stands for its items. */
type ObservableDescription = {
  /** Sub-type of the object if there are several attributes; by default the type's name. */
  readonly object?: string;
  /** Path to a value → sub-type of the attribute. */
  readonly values: { readonly [path: string]: string };
  /** Path to another observable, by id or embedded → what becomes of it. */
  readonly refs: { readonly [path: string]: ReferenceDescription };
  /** Properties with the time at which it was seen, in order of preference. */
  readonly times?: readonly string[];
};

/** What becomes of an observable to which another refers. */
export type ReferenceDescription = {
  /** Sub-type of the object around the other observable; without it, the other has none. */
  readonly role?: string;
  /** Type of the other observable if it has none itself; without it, its value decides. */
  readonly type?: string;
  /** Property of the referring observable → sub-type of an attribute in the same role. */
  readonly beside?: { readonly [property: string]: string };
};

const FILE: ReferenceDescription = { type: "file" };
const DIRECTORY: ReferenceDescription = { type: "directory" };
const ACCOUNT: ReferenceDescription = { type: "user-account" };
const TRAFFIC: ReferenceDescription = { type: "network-traffic" };
const ARTIFACT: ReferenceDescription = { type: "artifact" };

/** Hashes by algorithm, in the spelling of STIX and in those of others. */
const HASHES = Object.fromEntries(
  [
    ["MD5", "md5"],
    ["SHA-1", "sha1"],
    ["SHA-224", "sha224"],
    ["SHA-256", "sha256"],
    ["SHA-384", "sha384"],
    ["SHA-512", "sha512"],
    ["SHA3-224", "sha3_224"],
    ["SHA3-256", "sha3_256"],
    ["SHA3-384", "sha3_384"],
    ["SHA3-512", "sha3_512"],
    ["AUTHENTIHASH", "authentihash"],
    ["SSDEEP", "ssdeep"],
    ["TLSH", "tlsh"],
    ["IMPHASH", "imphash"],
  ].flatMap(([name, subType]) =>
    ["-", "", "_"].map((mark) => name!.replace("-", mark))
      .flatMap((spelling) => [spelling, spelling.toLowerCase(), capitalised(spelling)])
      .map((spelling) => [`hashes/${spelling}`, subType!])
  ),
);

function capitalised(name: string): string {
  return name.charAt(0) + name.slice(1).toLowerCase();
}

const HTTP_HEADER = "extensions/http-request-ext/request_header";

/** Cyber-observable objects (STIX 2.1, section 6; 2.0, part 4) and what becomes of them. */
const DESCRIPTIONS: { readonly [type: string]: ObservableDescription } = {
  "artifact": { values: { url: "url", mime_type: "mime_type", ...HASHES }, refs: {} },
  "autonomous-system": { values: { number: "asn", name: "name" }, refs: {} },
  "directory": { values: { path: "path" }, refs: { contains_refs: FILE } },
  "domain-name": {
    object: "domain_ip",
    values: { value: "domain" },
    refs: { resolves_to_refs: {} },
  },
  "email-addr": {
    values: { value: "email_addr", display_name: "name" },
    refs: { belongs_to_ref: ACCOUNT },
  },
  "email-message": {
    values: {
      "subject": "subject",
      "body": "body",
      "body_multipart/body": "body",
      "message_id": "message_id",
      "additional_header_fields/X-Mailer": "x_mailer",
      "additional_header_fields/X-Originating-IP": "ipv4",
    },
    refs: {
      "from_ref": { role: "src", type: "email-addr" },
      "sender_ref": { role: "sender", type: "email-addr" },
      "to_refs": { role: "dst", type: "email-addr" },
      "cc_refs": { role: "cc", type: "email-addr" },
      "bcc_refs": { role: "bcc", type: "email-addr" },
      "body_multipart/body_raw_ref": FILE,
      "raw_email_ref": ARTIFACT,
    },
    times: ["date"],
  },
  "file": {
    values: {
      "name": "filename",
      "size": "size_in_bytes",
      "mime_type": "mime_type",
      ...HASHES,
      "extensions/windows-pebinary-ext/imphash": "imphash",
    },
    refs: {
      "parent_directory_ref": DIRECTORY,
      "contains_refs": FILE,
      "content_ref": ARTIFACT,
      "extensions/archive-ext/contains_refs": FILE,
    },
  },
  "ipv4-addr": {
    values: { value: "ipv4" },
    refs: {
      resolves_to_refs: { type: "mac-addr" },
      belongs_to_refs: { type: "autonomous-system" },
    },
  },
  "ipv6-addr": {
    values: { value: "ipv6" },
    refs: {
      resolves_to_refs: { type: "mac-addr" },
      belongs_to_refs: { type: "autonomous-system" },
    },
  },
  "mac-addr": { values: { value: "mac_addr" }, refs: {} },
  "mutex": { values: { name: "mutex" }, refs: {} },
  "network-traffic": {
    values: {
      "protocols": "protocol",
      "extensions/http-request-ext/request_value": "uri",
      [`${HTTP_HEADER}/Host`]: "hostname",
      [`${HTTP_HEADER}/User-Agent`]: "user_agent",
    },
    refs: {
      "src_ref": { role: "src", beside: { src_port: "port" } },
      "dst_ref": { role: "dst", beside: { dst_port: "port" } },
      "src_payload_ref": ARTIFACT,
      "dst_payload_ref": ARTIFACT,
      "encapsulates_refs": TRAFFIC,
      "encapsulated_by_ref": TRAFFIC,
    },
    times: ["start", "end"],
  },
  "process": {
    values: { pid: "pid", command_line: "command_line", cwd: "path", name: "process_name" },
    refs: {
      image_ref: FILE,
      binary_ref: FILE,
      creator_user_ref: ACCOUNT,
      opened_connection_refs: TRAFFIC,
      parent_ref: { role: "parent", type: "process" },
      child_refs: { role: "child", type: "process" },
    },
    times: ["created_time", "created"],
  },
  "software": {
    values: { name: "software", version: "version", vendor: "vendor", cpe: "cpe" },
    refs: {},
  },
  "url": { values: { value: "url" }, refs: {} },
  "user-account": {
    values: {
      account_login: "username",
      user_id: "user_id",
      display_name: "name",
      credential: "password",
    },
    refs: {},
  },
  "windows-registry-key": {
    object: "registry_key",
    values: { key: "regkey" },
    refs: {
      values: { role: "registry_value", type: "windows-registry-value" },
      creator_user_ref: ACCOUNT,
    },
  },
  // Not a STIX object, but part of a registry key.
  "windows-registry-value": { values: { name: "regkey_name", data: "regkey_value" }, refs: {} },
  "x509-certificate": {
    values: {
      issuer: "issuer",
      subject: "certificate_subject",
      serial_number: "serial_number",
      ...HASHES,
    },
    refs: {},
  },
};

export type ObservableType = Required<ObservableDescription> & {
  readonly type: string;
  /** Properties that are read → the names inside them that are read, or none if all are. */
  readonly read: ReadonlyMap<string, ReadonlySet<string>>;
};

const OBSERVABLE_TYPES: ReadonlyMap<string, ObservableType> = new Map(
  Object.entries(DESCRIPTIONS).map(([type, description]) => [type, complete(type, description)]),
);

function complete(type: string, description: ObservableDescription): ObservableType {
  const { object = type.replaceAll("-", "_"), values, refs, times = [] } = description;
  const beside = Object.values(refs).flatMap((ref) => Object.keys(ref.beside ?? {}));
  const read = new Map<string, Set<string>>();
  for (const path of [...Object.keys(values), ...Object.keys(refs), ...beside, ...times]) {
    const [name, inner] = path.split("/");
    const inside = read.get(name!) ?? new Set();
    read.set(name!, inner === undefined ? inside : inside.add(inner));
  }
  return { type, object, values, refs, times, read };
}

/** How observables of a type are read; undefined if they are not. */
export function observableType(type: Value | undefined): ObservableType | undefined {
  return typeof type === "string" ? OBSERVABLE_TYPES.get(type) : undefined;
}
