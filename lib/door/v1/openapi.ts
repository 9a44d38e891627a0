import type { Fields, Value } from "../../tahoe/value.ts";
import { ALL_FORMATS } from "../../answers/export/export_answer.ts";
import { INTERVALS } from "../../tdql/intervals.ts";
import { ANSWER_ROUTES } from "./answers.ts";
import { EXPORT_PARAMETERS, EXPORTED_TYPES, MEDIA_TYPES } from "./export.ts";
import { LOOKUP_PARAMETERS } from "./lookup.ts";
import { MAX_TEXT, MAX_VALUES } from "./read_given.ts";

import { TOP_PARAMETERS } from "./top.ts";
import { SCHEMAS } from "./schemas.ts";

/**
 * A kind of data. Of what is not ASCII the pattern takes all: few programs understand one for letters
 * of any script.
 */
const SUB_TYPE: Fields = {
  type: "string",
  pattern: "^[^\\u0000-@\\[-\\^`{-\\u007f][^\\u0000-/:-@\\[-\\^`{-\\u007f]*$",
};

/** Descriptions and schemas of parameters. */
const PARAMETER_SCHEMAS: { readonly [name: string]: Fields } = {
  q: { description: "The indicator, also defanged", schema: { type: "string", minLength: 1n } },
  sub_type: {
    description: "Its kind, such as ipv4 (letters, digits and _); not needed if the value shows it",
    schema: SUB_TYPE,
  },
  event: {
    description: "Hash of the event, in place of q and what selects its events",
    schema: { type: "string", pattern: "^[0-9a-fA-F]{64}$" },
  },
  from: { description: "Seconds since 1970, or a date", schema: { type: "string" } },
  to: { description: "Seconds since 1970, or a date", schema: { type: "string" } },
  last: {
    description: "A number and a unit, such as 30d; instead of from and to",
    schema: { type: "string", pattern: "^\\s*([-+]?[0-9]{1,15}\\s*[a-zA-Z]+\\s*)?$" },
  },
  tzname: { description: "Time zone of dates without an offset", schema: { type: "string" } },
  category: { description: "Only events of this category", schema: { $ref: ref("Verdict") } },
  context: {
    description: "Only events that see the indicator in this context",
    schema: { $ref: ref("Verdict") },
  },
  by: {
    description: "Count the events by interval; a histogram chooses one that fits",
    schema: { type: "string", enum: INTERVALS },
  },
  level: {
    description: "How far to go on over the sessions of events",
    schema: { type: "integer", minimum: 1n, maximum: 3n },
  },
  cursor: {
    description: "The field next of the page before: the ten next older events",
    schema: { type: "string", pattern: "^[A-Za-z0-9_-]+$" },
  },
  return_type: {
    description: "The instances to list",
    schema: { type: "string", enum: ["all", "attribute", "event", "object", "session"] },
  },
  summary: { description: "Attributes by kind", schema: { type: "boolean" } },
  summary_graph: { description: "A graph of the attributes", schema: { type: "boolean" } },
  of: {
    description: "Only values of this kind, such as url",
    schema: SUB_TYPE,
  },
  limit: {
    description: "The most values; 20 by default",
    schema: { type: "integer", minimum: 1n, maximum: 1000n },
  },
  format: { description: "Format of the file", schema: { type: "string", enum: ALL_FORMATS } },
  type: {
    description: "What is exported; related by default",
    schema: { type: "string", enum: EXPORTED_TYPES },
  },
};

type AnswerName = keyof typeof ANSWER_ROUTES;

/** What the routes that answer one question are for, and the schemas of their answers. */
const ANSWERS: {
  readonly [name in AnswerName]: { readonly summary: string; readonly schema: string };
} = {
  count: { summary: "In how many events is an indicator?", schema: "Report" },
  histogram: { summary: "When were the events of an indicator?", schema: "Histogram" },
  related: { summary: "What is in the events of an indicator?", schema: "RelatedReport" },
  threatrank: {
    summary: "How malicious is an event, or are the newest events of an indicator?",
    schema: "Ranks",
  },
};

/** Writes the description of the API: OpenAPI 3.1. */
export function openApi(version: string): Fields {
  return {
    openapi: "3.1.0",
    info: {
      title: "cybexp",
      version,
      description: "Answers from an archive of threat events. You see those of your organisations.",
    },
    servers: [{ url: "/api/v1" }],
    security: [{ bearer: [] }, { basic: [] }],
    paths: {
      "/openapi.json": { get: open("This description", { type: "object" }) },
      "/health": { get: open("Do the databases answer?", { $ref: ref("Health") }) },
      ...Object.fromEntries(
        (Object.keys(ANSWERS) as AnswerName[]).map((name) => [`/${name}`, { get: ask(name) }]),
      ),
      "/top": { get: top() },
      "/export": { get: exportFile() },
      "/lookup": { get: lookupOne(), post: lookupMany() },
      "/upload": { post: upload() },
    },
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        basic: { type: "http", scheme: "basic", description: "The token is the password." },
      },
    },
  };
}

function open(summary: string, schema: Fields): Fields {
  return { summary, security: [], responses: responses({ 200: json("The answer", schema) }) };
}

function ask(name: AnswerName): Fields {
  const { summary, schema } = ANSWERS[name];
  const names: readonly string[] = ANSWER_ROUTES[name].parameters;
  return {
    summary,
    // An event stands for itself.
    parameters: parameters(names, names.includes("event") ? [] : ["q"]),
    responses: responses({ 200: json("The answer", { $ref: ref(schema) }), ...PENDING }),
  };
}

function top(): Fields {
  return {
    summary:
      "What do most of the newest events of an indicator hold, or most of the last archived?",
    parameters: parameters(TOP_PARAMETERS, []),
    responses: responses({ 200: json("The values", { $ref: ref("Top") }), ...FAULTS }),
  };
}

function exportFile(): Fields {
  const content = Object.fromEntries(
    Object.entries(MEDIA_TYPES).map(([format, { type }]) => [
      type,
      { schema: format === "stix" ? { $ref: ref("Bundle") } : { type: "string" } },
    ]),
  );
  return {
    summary: "An answer as a file for other programs, or as a page to look at",
    parameters: parameters(EXPORT_PARAMETERS, ["format", "q"]),
    responses: responses({ 200: { description: "The file", content }, ...PENDING }),
  };
}

function lookupOne(): Fields {
  return {
    summary: "What is known of one indicator?",
    parameters: parameters(LOOKUP_PARAMETERS, ["q"]),
    responses: responses({ 200: json("What is known", { $ref: ref("Indicator") }), ...PENDING }),
  };
}

function lookupMany(): Fields {
  const others = LOOKUP_PARAMETERS.filter((name) => name !== "q")
    .map((name) => [name, PARAMETER_SCHEMAS[name]!["schema"]!]);
  const schema = {
    type: "object",
    oneOf: [{ required: ["values"] }, { required: ["text"] }],
    additionalProperties: false,
    properties: {
      values: { type: "array", maxItems: BigInt(MAX_VALUES), items: { type: "string" } },
      text: {
        type: "string",
        maxLength: BigInt(MAX_TEXT),
        description: "A list, a table, a mail or other text: the indicators in it are looked up",
      },
      ...Object.fromEntries(others),
    },
  };
  const rows = {
    type: "object",
    required: ["rows"],
    properties: {
      rows: { type: "array", items: { $ref: ref("RowOrReason") } },
      skipped: {
        type: "object",
        description: "What of a text is not a value, and how often",
        additionalProperties: { type: "integer" },
      },
      unread_columns: {
        type: "array",
        description: "Columns of a table that hold no indicators",
        items: { type: "string" },
      },
    },
  };
  return {
    summary: "What is known of many?",
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: responses({ 200: json("A row for each value", rows), ...FAULTS }),
  };
}

function upload(): Fields {
  const content = { "multipart/form-data": { schema: { $ref: ref("Upload") } } };
  return {
    summary: "Upload a file of an organisation whose admin you are",
    requestBody: { required: true, content },
    responses: responses({
      201: json("It waits to be archived", { $ref: ref("Uploaded") }),
      ...FAULTS,
    }),
  };
}

/** Responses to requests that are refused. */
const FAULTS: { readonly [status: string]: Fields } = Object.fromEntries(
  [
    ["400", "The request cannot be understood, or asks for what cannot be answered"],
    ["401", "Nobody sent the request, or somebody who may not"],
    ["403", "The request comes from another site"],
    ["404", "There is no such event that you may see"],
    ["408", "The request came too slowly"],
    ["413", "The request is too large"],
    ["429", "There were too many requests or questions"],
    ["503", "The server cannot do this now"],
  ].map(([status, description]) => [status, fault(description!)]),
);

/** Responses to questions that have no answer yet, or none at all. */
const PENDING: { readonly [status: string]: Fields } = {
  "202": json("It is being worked on: ask again", { $ref: ref("Processing") }),
  ...FAULTS,
};

function responses(some: { readonly [status: string]: Fields }): Fields {
  return { ...some, "500": fault("The server has failed, or its database is away") };
}

function fault(description: string): Fields {
  const content = { "application/problem+json": { schema: { $ref: ref("Problem") } } };
  return { description, content };
}

function json(description: string, schema: Fields): Fields {
  return { description, content: { "application/json": { schema } } };
}

function parameters(names: readonly string[], required: readonly string[]): readonly Value[] {
  return names.map((name) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...PARAMETER_SCHEMAS[name],
  }));
}

function ref(name: string): string {
  return `#/components/schemas/${name}`;
}
