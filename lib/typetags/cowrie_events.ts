import type { Child } from "../tahoe/children.ts";
import { stripPythonSpace } from "../tahoe/canonical.ts";
import type { Attribute } from "../tahoe/instance.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import type { InstanceCollector } from "./instance_collector.ts";
import { scalarField, stringField } from "./records.ts";

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
  const { collector } = record;
  const credential = collector.object("credential", [
    addField(record, "username"),
    addField(record, "password"),
  ]);
  return {
    subType: "login",
    children: [
      credential,
      collector.attribute("success", success),
      // Telnet logins say `ssh`, too: it is part of the hashes that are already stored.
      collector.attribute("method", "ssh"),
    ],
    malicious: [credential],
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
  const target = collector.object("dst", [
    addField(record, "dst_ip", "url"),
    addField(record, "dst_port", "port"),
  ]);
  return {
    subType: "network_traffic",
    children: [target, collector.attribute("protocol", "TCP")],
    malicious: [],
  };
}

function readForwardedData(record: CowrieRecord): EventParts {
  const parts = readForward(record);
  return { ...parts, children: [...parts.children, addField(record, "data")] };
}

function readDownload(record: CowrieRecord, success: boolean): EventParts {
  const { fields, collector } = record;
  const address = stripPythonSpace(stringField(fields, "url"));
  const url = collector.attribute("url", address);
  // The file name is what follows the last slash, even if that is empty.
  const name = stripPythonSpace(address.slice(address.lastIndexOf("/") + 1));
  const filename = collector.attribute("filename", name);
  const parts = success ? [filename, addField(record, "shasum", "sha256")] : [filename];
  const file = collector.object("file", parts);
  return {
    subType: "file_download",
    children: [url, file, collector.attribute("success", success)],
    malicious: [url, ...parts, file],
  };
}

function readUpload(record: CowrieRecord): EventParts {
  const { fields, collector } = record;
  const filename = addField(record, "filename");
  const sha256 = addField(record, "shasum", "sha256");
  const file = collector.object("file", [filename, sha256]);
  const bySftp = stringField(fields, "message").startsWith("SFTP")
    ? [collector.attribute("method", "SFTP"), addField(record, "outfile", "output_file_path")]
    : [];
  return {
    subType: "file_upload",
    children: [file, ...bySftp],
    malicious: [filename, sha256, file],
  };
}

/** Adds a field of the record as an attribute, whose sub-type is the field's name by default. */
function addField({ fields, collector }: CowrieRecord, name: string, subType = name): Attribute {
  return collector.attribute(subType, scalarField(fields, name));
}
