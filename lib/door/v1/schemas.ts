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
    from: TIME,
    to: TIME,
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
      description: "What contains a value that was not seen, with its events",
    },
    addresses: {
      type: "array",
      items: NAME,
      description: "Addresses in a network that was not seen, with their events",
    },
    advice: { type: "string", description: "What to ask instead of a value that was not seen" },
    outside: { ...COUNT, description: "Events outside the range, if there are none in it" },
    organisations: { type: "array", items: { type: "string" } },
  },
};

const COUNTED: Fields = {
  allOf: [NAME, { type: "object", required: ["events"], properties: { events: COUNT } }],
};

const QUESTION: Fields = { type: "object", description: "The query data" };

const RANGE: Fields = {
  type: "object",
  required: ["from", "to", "tzname"],
  properties: { from: TIME, to: TIME, tzname: { type: "string" } },
};

/** The values that most of the newest events hold. */
const TOP: Fields = {
  counted: { ...COUNT, description: "Number of the newest events in which was counted" },
  values: { type: "array", items: COUNTED },
};

/** What an answer says of its question, beside the answer itself. */
const DETAILS: Fields = {
  type: "object",
  required: ["question", "asked", "found", "events", "range"],
  properties: {
    question: QUESTION,
    asked: NAME,
    found: { type: "array", items: COUNTED },
    events: COUNT,
    range: RANGE,
    first_seen: TIME,
    last_seen: TIME,
    pages: { type: "integer", minimum: 1n },
    attributes: { type: "array", items: COUNTED },
  },
};

const NEXT: Fields = {
  type: "object",
  properties: {
    next: { type: "string", description: "Cursor of the next page; missing on the last one" },
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
        properties: {
          value: { type: "string" },
          reason: { type: "string" },
          kinds: {
            type: "array",
            items: COUNTED,
            description: "What a value of no clear kind may mean, those in most events first",
          },
          held: { ...NAME, description: "The only indicator in the value, beside other words" },
        },
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
      details: { $ref: "#/components/schemas/Details" },
      evidence: { type: "array", items: { type: "object" } },
    },
  },
  Details: DETAILS,
  RelatedReport: { allOf: [{ $ref: "#/components/schemas/Report" }, NEXT] },
  Histogram: {
    allOf: [{ $ref: "#/components/schemas/Details" }],
    type: "object",
    required: ["by", "intervals"],
    properties: {
      by: { type: ["string", "null"], description: "Null if there are no events" },
      intervals: {
        type: "array",
        items: {
          type: "object",
          required: ["start", "label", "events"],
          properties: { start: { type: "number" }, label: { type: "string" }, events: COUNT },
        },
      },
    },
  },
  Top: {
    description: "Of an indicator; or, without one, of the events that were archived last",
    anyOf: [{
      allOf: [{ $ref: "#/components/schemas/Details" }],
      type: "object",
      required: ["counted", "values"],
      properties: TOP,
    }, {
      type: "object",
      required: ["question", "range", "counted", "values", "complete"],
      properties: {
        question: QUESTION,
        range: RANGE,
        ...TOP,
        complete: { type: "boolean", description: "Whether no further events were selected" },
      },
    }],
  },
  Bundle: {
    type: "object",
    description: "A bundle of STIX 2.1",
    required: ["type", "id"],
    properties: { type: { const: "bundle" }, id: { type: "string" } },
  },
  Ranks: {
    description: "The report on one event; or those on the newest ten of an indicator",
    anyOf: [{ $ref: "#/components/schemas/Report" }, {
      allOf: [{ $ref: "#/components/schemas/Details" }, NEXT],
      type: "object",
      required: ["ranks"],
      properties: {
        ranks: {
          type: "array",
          items: {
            type: "object",
            required: ["event", "report", "malicious"],
            properties: {
              event: { type: "object" },
              report: { $ref: "#/components/schemas/Report" },
              malicious: { type: "boolean", description: "By itself: no path is needed" },
            },
          },
        },
      },
    }],
  },
  Indicator: {
    allOf: [{ $ref: "#/components/schemas/Row" }],
    type: "object",
    properties: {
      related: {
        type: "array",
        description: "What most of the ten newest events hold, too; missing if there are none",
        items: COUNTED,
      },
      threatrank: { type: "number", description: "The highest of those events: -1 is the most" },
      flags: { type: "array", items: { type: "string" } },
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
      timezone: { type: "string", description: "Kept with the data; times without a zone are UTC" },
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
