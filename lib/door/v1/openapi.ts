import type { Fields, Value } from "../../tahoe/value.ts";
import { INTERVALS } from "../../tdql/intervals.ts";
import { LOOKUP_PARAMETERS, MAX_VALUES } from "./lookup.ts";
import { PARAMETERS, type QuestionType } from "./questions.ts";
import { SCHEMAS } from "./schemas.ts";

/** Descriptions and schemas of parameters. */
const PARAMETER_SCHEMAS: { readonly [name: string]: Fields } = {
  q: { description: "The indicator, also defanged", schema: { type: "string", minLength: 1n } },
  sub_type: {
    description: "Its kind, such as ipv4; not needed if the value shows it",
    schema: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
  },
  event: {
    description: "Hash of the event",
    schema: { type: "string", pattern: "^[0-9a-fA-F]{64}$" },
  },
  from: { description: "Seconds since 1970, or a date", schema: { type: "string" } },
  to: { description: "Seconds since 1970, or a date", schema: { type: "string" } },
  last: {
    description: "A number and a unit, such as 30d; instead of from and to",
    schema: { type: "string" },
  },
  tzname: { description: "Time zone of dates without an offset", schema: { type: "string" } },
  category: { description: "Only events of this category", schema: { $ref: ref("Verdict") } },
  context: {
    description: "Only events that see the indicator in this context",
    schema: { $ref: ref("Verdict") },
  },
  by: {
    description: "Count the events also by interval",
    schema: { type: "string", enum: INTERVALS },
  },
  level: {
    description: "How far to go on over the sessions of events",
    schema: { type: "integer", minimum: 1n, maximum: 3n },
  },
  page: { description: "Ten events per page", schema: { type: "integer", minimum: 1n } },
  return_type: {
    description: "The instances to list",
    schema: { type: "string", enum: ["all", "attribute", "event", "object", "session"] },
  },
  summary: { description: "Attributes by kind", schema: { type: "boolean" } },
  summary_graph: { description: "A graph of the attributes", schema: { type: "boolean" } },
};

const SUMMARIES: { readonly [type in QuestionType]: string } = {
  count: "In how many events is an indicator?",
  related: "What is in the events of an indicator?",
  threatrank: "How malicious is an event?",
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
        (Object.keys(SUMMARIES) as QuestionType[]).map((type) => [`/${type}`, { get: ask(type) }]),
      ),
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

function ask(type: QuestionType): Fields {
  return {
    summary: SUMMARIES[type],
    parameters: parameters(PARAMETERS[type]),
    responses: responses({
      200: json("The report", { $ref: ref("Report") }),
      202: json("It is being worked on: ask again", { $ref: ref("Processing") }),
      ...FAULTS,
    }),
  };
}

function lookupOne(): Fields {
  return {
    summary: "What is known of one indicator?",
    parameters: parameters(LOOKUP_PARAMETERS),
    responses: responses({ 200: json("What is known", { $ref: ref("Row") }), ...FAULTS }),
  };
}

function lookupMany(): Fields {
  const others = LOOKUP_PARAMETERS.filter((name) => name !== "q")
    .map((name) => [name, PARAMETER_SCHEMAS[name]!["schema"]!]);
  const schema = {
    type: "object",
    required: ["values"],
    additionalProperties: false,
    properties: {
      values: { type: "array", maxItems: BigInt(MAX_VALUES), items: { type: "string" } },
      ...Object.fromEntries(others),
    },
  };
  const rows = {
    type: "object",
    required: ["rows"],
    properties: { rows: { type: "array", items: { $ref: ref("RowOrReason") } } },
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

function parameters(names: readonly string[]): readonly Value[] {
  const required = ["q", "event"];
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
