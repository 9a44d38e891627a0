import type { Fields } from "../../tahoe/value.ts";

const COUNT: Fields = { type: "integer", minimum: 0n };
const TIME: Fields = { type: ["number", "null"], description: "Seconds since 1970, UTC" };
const NAME: Fields = { $ref: "#/components/schemas/Attribute" };

/** The row of a value that was looked up. */
const ROW: Fields = {
  type: "object",
  required: ["value", "asked", "found", "events", "first_seen", "last_seen", "organisations"],
  properties: {
    value: { type: "string", description: "As it was given" },
    asked: NAME,
    found: { type: "array", items: NAME },
    events: COUNT,
    malicious: COUNT,
    benign: COUNT,
    unknown: COUNT,
    first_seen: TIME,
    last_seen: TIME,
    within: {
      type: "array",
      items: NAME,
      description: "Networks around an address that was not seen, with their events",
    },
    outside: { ...COUNT, description: "Events outside the range, if there are none in it" },
    organisations: { type: "array", items: { type: "string" } },
  },
};

/** Schemas of what is sent, by name. */
export const SCHEMAS: Fields = {
  Verdict: { type: "string", enum: ["all", "benign", "malicious", "unknown"] },
  Attribute: {
    type: "object",
    required: ["sub_type", "data"],
    properties: {
      sub_type: { type: "string" },
      data: { type: ["string", "number", "boolean", "null"] },
    },
  },
  Row: ROW,
  RowOrReason: {
    oneOf: [
      ROW,
      {
        type: "object",
        required: ["value", "reason"],
        properties: { value: { type: "string" }, reason: { type: "string" } },
      },
    ],
  },
  Report: {
    type: "object",
    required: ["itype", "sub_type", "data", "_hash"],
    properties: {
      itype: { const: "report" },
      sub_type: { type: "string" },
      _hash: { type: "string", pattern: "^[0-9a-f]{64}$" },
      timestamp: { type: "number", description: "Seconds since 1970, UTC" },
      data: { description: "The answer" },
      details: { type: "object", description: "What was asked and found" },
    },
  },
  Processing: {
    type: "object",
    required: ["status"],
    properties: { status: { const: "processing" }, detail: { type: "string" } },
  },
  Health: {
    type: "object",
    required: ["status", "version"],
    properties: { status: { const: "ok" }, version: { type: "string" } },
  },
  Upload: {
    type: "object",
    required: ["file", "name", "typetag", "orgid"],
    additionalProperties: false,
    properties: {
      file: { type: "string", format: "binary" },
      name: { type: "string" },
      typetag: { type: "string", description: "Type of the data, such as cowrie" },
      orgid: { type: "string", description: "Hash or name of the organisation" },
      timezone: { type: "string", description: "Zone of times that name none; UTC by default" },
    },
  },
  Uploaded: {
    type: "object",
    required: ["id", "name"],
    properties: { id: { type: "string" }, name: { type: "string" } },
  },
  Problem: {
    type: "object",
    required: ["title", "status", "detail"],
    properties: {
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string" },
    },
  },
};
