import { Rejected } from "../errors.ts";
import type { Child } from "../tahoe/children.ts";
import { stripPythonSpace } from "../tahoe/canonical.ts";
import type { Attribute } from "../tahoe/instance.ts";
import { type Fields, isScalar, type Value } from "../tahoe/value.ts";
import type { InstanceCollector } from "./instance_collector.ts";
import { scalarField } from "./records.ts";

/** A record of Cowrie's log, and the collector for what is made of it. */
export type CowrieRecord = {
  readonly fields: Fields;
  readonly collector: InstanceCollector;
};

/** What an event consists of, apart from its attacker. */
export type EventParts = {
  readonly subType: string;
  readonly children: readonly Child[];
  readonly malicious: readonly Child[];
};

type EventReader = (record: CowrieRecord) => EventParts;

/** Readers of events by eventid. The TAHOE/CYBEX-P contract defines the events. */
export const COWRIE_EVENTS: ReadonlyMap<Value, EventReader> = new Map<Value, EventReader>([
  ["cowrie.login.success", (record) => readLogin(record, true)],
  ["cowrie.login.failed", (record) => readLogin(record, false)],
  ["cowrie.command.input", (record) => readCommand(record)],
  ["cowrie.command.success", (record) => readCommand(record, true)],
  ["cowrie.command.failed", (record) => readCommand(record, false)],
  ["cowrie.direct-tcpip.request", readForward],
  ["cowrie.direct-tcpip.data", readForwardedData],
  ["cowrie.session.file_download", (record) => readDownload(record, true)],
  ["cowrie.session.file_download.failed", (record) => readDownload(record, false)],
  ["cowrie.session.file_upload", readUpload],
]);

function readLogin(record: CowrieRecord, success: boolean): EventParts {
  const { fields, collector } = record;
  const parts = [...optionalField(record, "username"), ...optionalField(record, "password")];
  // A login by key has no password. Anybody can offer a public key, so it has no context.
  const isKey = !isScalar(fields["password"]) && fields["fingerprint"] !== null;
  const keys = isKey ? optionalField(record, "fingerprint", "ssh_fingerprint") : [];
  if (parts.length + keys.length === 0) throw missing("username");
  const credentials = parts.length > 0 ? [collector.object("credential", parts)] : [];
  return {
    subType: "login",
    children: [
      ...credentials,
      ...keys,
      collector.attribute("success", success),
      // Telnet logins say `ssh`, too: it is part of the hashes that are already stored.
      collector.attribute("method", "ssh"),
    ],
    malicious: credentials,
  };
}

function readCommand(record: CowrieRecord, success?: boolean): EventParts {
  const shellCommand = addField(record, "input", "shell_command");
  const outcome = success === undefined ? [] : [record.collector.attribute("success", success)];
  return {
    subType: "shell_command",
    children: [shellCommand, ...outcome],
    malicious: [shellCommand],
  };
}

function readForward(record: CowrieRecord): EventParts {
  const { collector } = record;
  const target = [
    ...optionalField(record, "dst_ip", "url"),
    ...optionalField(record, "dst_port", "port"),
  ];
  if (target.length === 0) throw missing("dst_ip");
  return {
    subType: "network_traffic",
    children: [collector.object("dst", target), collector.attribute("protocol", "TCP")],
    malicious: [],
  };
}

function readForwardedData(record: CowrieRecord): EventParts {
  const parts = readForward(record);
  return { ...parts, children: [...parts.children, ...optionalField(record, "data")] };
}

/** Reads a download, or what Cowrie captured of redirected output or standard input: without a url. */
function readDownload(record: CowrieRecord, success: boolean): EventParts {
  const { fields, collector } = record;
  const { url } = fields;
  const address = typeof url === "string" && !isBlank(url) ? stripPythonSpace(url) : undefined;
  const urls = address === undefined ? [] : [collector.attribute("url", address)];
  const name = address === undefined ? capturedName(fields) : lastPart(address);
  const parts = [
    ...(name === undefined ? [] : [collector.attribute("filename", name)]),
    ...(success ? optionalField(record, "shasum", "sha256") : []),
  ];
  if (urls.length + parts.length === 0) throw missing("url");
  const file = collector.object("file", parts);
  return {
    subType: "file_download",
    children: [...urls, file, collector.attribute("success", success)],
    malicious: [...urls, ...parts, file],
  };
}

/** The name that the attacker gave to a captured file, else the name under which Cowrie keeps it. */
function capturedName({ destfile, outfile }: Fields): string | undefined {
  const paths = [destfile, outfile].filter((path) => typeof path === "string")
    .map(stripPythonSpace);
  // `-` is standard output.
  return paths.map(lastPart).find((name) => name !== "" && name !== "-");
}

/** What follows the last slash, even if that is empty. */
function lastPart(path: string): string {
  return stripPythonSpace(path.slice(path.lastIndexOf("/") + 1));
}

function readUpload(record: CowrieRecord): EventParts {
  const { fields, collector } = record;
  const filename = optionalField(record, "filename");
  const sha256 = addField(record, "shasum", "sha256");
  const file = collector.object("file", [...filename, sha256]);
  const { message } = fields;
  const bySftp = typeof message === "string" && message.startsWith("SFTP")
    ? [
      collector.attribute("method", "SFTP"),
      ...optionalField(record, "outfile", "output_file_path"),
    ]
    : [];
  return {
    subType: "file_upload",
    children: [file, ...bySftp],
    malicious: [...filename, sha256, file],
  };
}

function missing(name: string): Rejected {
  return new Rejected("EVENTS_REJECTED", `${name} is missing`);
}

/**
 * Adds a field that Cowrie may leave out, if it has a value that can be an attribute. Some shippers
 * write an empty list or object for what is missing. See {@link addField}.
 */
function optionalField(
  record: CowrieRecord,
  name: string,
  subType = name,
): readonly Attribute[] {
  const value = record.fields[name];
  const isMissing = !isScalar(value) || isBlank(value) && !TYPED_FIELDS.has(name);
  return isMissing ? [] : [addField(record, name, subType)];
}

/** Fields in which a blank is what the attacker sent. */
const TYPED_FIELDS: ReadonlySet<string> = new Set(["username", "password", "data"]);

/** True for a string of nothing but white space, which some shippers write for what is missing. */
export function isBlank(value: Value | undefined): boolean {
  return typeof value === "string" && stripPythonSpace(value) === "";
}

/** Adds a field of the record as an attribute, whose sub-type is the field's name by default. */
function addField({ fields, collector }: CowrieRecord, name: string, subType = name): Attribute {
  return collector.attribute(subType, scalarField(fields, name));
}
