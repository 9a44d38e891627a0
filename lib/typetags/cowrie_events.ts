import type { Child } from "../tahoe/children.ts";
import { stripPython } from "../tahoe/canonical.ts";
import type { Attribute } from "../tahoe/instance.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import type { InstanceCollector } from "./instance_collector.ts";
import { scalarField, textField } from "./records.ts";

/** What an event holds beside its attacker. */
export type EventParts = {
  readonly subType: string;
  readonly children: readonly Child[];
  readonly malicious: readonly Child[];
};

type Maker = (record: Fields, collector: InstanceCollector) => EventParts;

/** Events by eventid, as the TAHOE/CYBEX-P contract has them. */
export const COWRIE_EVENTS: ReadonlyMap<Value, Maker> = new Map(
  [
    ["cowrie.login.success", (record, collector) => login(record, collector, true)],
    ["cowrie.login.failed", (record, collector) => login(record, collector, false)],
    ["cowrie.command.input", (record, collector) => command(record, collector)],
    ["cowrie.command.success", (record, collector) => command(record, collector, true)],
    ["cowrie.command.failed", (record, collector) => command(record, collector, false)],
    ["cowrie.direct-tcpip.request", forward],
    ["cowrie.direct-tcpip.data", forwardedData],
    ["cowrie.session.file_download", (record, collector) => download(record, collector, true)],
    [
      "cowrie.session.file_download.failed",
      (record, collector) => download(record, collector, false),
    ],
    ["cowrie.session.file_upload", upload],
  ] satisfies [string, Maker][],
);

function login(record: Fields, collector: InstanceCollector, success: boolean): EventParts {
  const credential = collector.object("credential", [
    field(record, collector, "username"),
    field(record, collector, "password"),
  ]);
  return {
    subType: "login",
    children: [
      credential,
      collector.attribute("success", success),
      // Of telnet logins, too: it is part of the hashes of what is stored.
      collector.attribute("method", "ssh"),
    ],
    malicious: [credential],
  };
}

function command(record: Fields, collector: InstanceCollector, success?: boolean): EventParts {
  const shellCommand = field(record, collector, "input", "shell_command");
  const outcome = success === undefined ? [] : [collector.attribute("success", success)];
  return {
    subType: "shell_command",
    children: [shellCommand, ...outcome],
    malicious: [shellCommand],
  };
}

function forward(record: Fields, collector: InstanceCollector): EventParts {
  const target = collector.object("dst", [
    field(record, collector, "dst_ip", "url"),
    field(record, collector, "dst_port", "port"),
  ]);
  return {
    subType: "network_traffic",
    children: [target, collector.attribute("protocol", "TCP")],
    malicious: [],
  };
}

function forwardedData(record: Fields, collector: InstanceCollector): EventParts {
  const parts = forward(record, collector);
  return { ...parts, children: [...parts.children, field(record, collector, "data")] };
}

function download(record: Fields, collector: InstanceCollector, success: boolean): EventParts {
  const address = stripPython(textField(record, "url"));
  const url = collector.attribute("url", address);
  // What follows the last slash, be it nothing.
  const name = stripPython(address.slice(address.lastIndexOf("/") + 1));
  const filename = collector.attribute("filename", name);
  const parts = success ? [filename, field(record, collector, "shasum", "sha256")] : [filename];
  const file = collector.object("file", parts);
  return {
    subType: "file_download",
    children: [url, file, collector.attribute("success", success)],
    malicious: [url, ...parts, file],
  };
}

function upload(record: Fields, collector: InstanceCollector): EventParts {
  const filename = field(record, collector, "filename");
  const sha256 = field(record, collector, "shasum", "sha256");
  const file = collector.object("file", [filename, sha256]);
  const bySftp = textField(record, "message").startsWith("SFTP")
    ? [
      collector.attribute("method", "SFTP"),
      field(record, collector, "outfile", "output_file_path"),
    ]
    : [];
  return {
    subType: "file_upload",
    children: [file, ...bySftp],
    malicious: [filename, sha256, file],
  };
}

function field(
  record: Fields,
  collector: InstanceCollector,
  name: string,
  subType = name,
): Attribute {
  return collector.attribute(subType, scalarField(record, name));
}
