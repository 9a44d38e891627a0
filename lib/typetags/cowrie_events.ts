import type { Child } from "../tahoe/children.ts";
import { stripPython } from "../tahoe/canonical.ts";
import type { Attribute } from "../tahoe/instance.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import type { Harvest } from "./harvest.ts";
import { scalarField, textField } from "./records.ts";

/** What an event holds beside its attacker. */
export type EventParts = {
  readonly subType: string;
  readonly children: readonly Child[];
  readonly malicious: readonly Child[];
};

type Maker = (record: Fields, harvest: Harvest) => EventParts;

/** Events by eventid, as the TAHOE/CYBEX-P contract has them. */
export const COWRIE_EVENTS: ReadonlyMap<Value, Maker> = new Map(
  [
    ["cowrie.login.success", (record, harvest) => login(record, harvest, true)],
    ["cowrie.login.failed", (record, harvest) => login(record, harvest, false)],
    ["cowrie.command.input", (record, harvest) => command(record, harvest)],
    ["cowrie.command.success", (record, harvest) => command(record, harvest, true)],
    ["cowrie.command.failed", (record, harvest) => command(record, harvest, false)],
    ["cowrie.direct-tcpip.request", forward],
    ["cowrie.direct-tcpip.data", forwardedData],
    ["cowrie.session.file_download", (record, harvest) => download(record, harvest, true)],
    ["cowrie.session.file_download.failed", (record, harvest) => download(record, harvest, false)],
    ["cowrie.session.file_upload", upload],
  ] satisfies [string, Maker][],
);

function login(record: Fields, harvest: Harvest, success: boolean): EventParts {
  const credential = harvest.object("credential", [
    field(record, harvest, "username"),
    field(record, harvest, "password"),
  ]);
  return {
    subType: "login",
    children: [
      credential,
      harvest.attribute("success", success),
      // Of telnet logins, too: it is part of the hashes of what is stored.
      harvest.attribute("method", "ssh"),
    ],
    malicious: [credential],
  };
}

function command(record: Fields, harvest: Harvest, success?: boolean): EventParts {
  const shellCommand = field(record, harvest, "input", "shell_command");
  const outcome = success === undefined ? [] : [harvest.attribute("success", success)];
  return {
    subType: "shell_command",
    children: [shellCommand, ...outcome],
    malicious: [shellCommand],
  };
}

function forward(record: Fields, harvest: Harvest): EventParts {
  const target = harvest.object("dst", [
    field(record, harvest, "dst_ip", "url"),
    field(record, harvest, "dst_port", "port"),
  ]);
  return {
    subType: "network_traffic",
    children: [target, harvest.attribute("protocol", "TCP")],
    malicious: [],
  };
}

function forwardedData(record: Fields, harvest: Harvest): EventParts {
  const parts = forward(record, harvest);
  return { ...parts, children: [...parts.children, field(record, harvest, "data")] };
}

function download(record: Fields, harvest: Harvest, success: boolean): EventParts {
  const address = stripPython(textField(record, "url"));
  const url = harvest.attribute("url", address);
  // What follows the last slash, be it nothing.
  const name = stripPython(address.slice(address.lastIndexOf("/") + 1));
  const filename = harvest.attribute("filename", name);
  const parts = success ? [filename, field(record, harvest, "shasum", "sha256")] : [filename];
  const file = harvest.object("file", parts);
  return {
    subType: "file_download",
    children: [url, file, harvest.attribute("success", success)],
    malicious: [url, ...parts, file],
  };
}

function upload(record: Fields, harvest: Harvest): EventParts {
  const filename = field(record, harvest, "filename");
  const sha256 = field(record, harvest, "shasum", "sha256");
  const file = harvest.object("file", [filename, sha256]);
  const bySftp = textField(record, "message").startsWith("SFTP")
    ? [
      harvest.attribute("method", "SFTP"),
      field(record, harvest, "outfile", "output_file_path"),
    ]
    : [];
  return {
    subType: "file_upload",
    children: [file, ...bySftp],
    malicious: [filename, sha256, file],
  };
}

function field(record: Fields, harvest: Harvest, name: string, subType = name): Attribute {
  return harvest.attribute(subType, scalarField(record, name));
}
