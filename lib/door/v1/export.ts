import { askCount, askRanks, askRelated } from "../../answers/ask_answer.ts";
import type { QueryResult } from "../../answers/answer_content.ts";
import {
  ALL_FORMATS,
  exportAnswer,
  type ExportFormat,
  isGraphFormat,
} from "../../answers/export/export_answer.ts";
import { exportFileName } from "../../answers/export/file_name.ts";
import { namesByHash, orgsOf } from "../../identity/org.ts";
import type { InstanceStore } from "../../tahoe/instances.ts";
import type { AnswerOptions } from "../../tdql/answer.ts";
import { Refusal } from "../refusal.ts";
import { askAs, type Asking } from "./ask.ts";
import { type Parameters, requiredParameter } from "../parameters.ts";
import { askedAttribute, attributeQuestion, RELATED, SELECTION } from "./questions.ts";

/** The answers that can be exported. */
export const EXPORTED_TYPES = ["count", "related", "threatrank"] as const;

/** Parameters of GET /api/v1/export. */
export const EXPORT_PARAMETERS = ["format", "type", ...SELECTION, ...RELATED, "by"];

/** What a format is called in headers, and how names of its files end. */
export const MEDIA_TYPES: {
  readonly [format in ExportFormat]: { readonly type: string; readonly extension: string };
} = {
  stix: { type: "application/stix+json;version=2.1", extension: "json" },
  csv: { type: "text/csv; charset=utf-8", extension: "csv" },
  dot: { type: "text/vnd.graphviz; charset=utf-8", extension: "dot" },
  gexf: { type: "application/gexf+xml", extension: "gexf" },
  html: { type: "text/html; charset=utf-8", extension: "html" },
};

export type ExportOptions = Asking & {
  readonly identity: InstanceStore;
  readonly answers: Pick<AnswerOptions, "now">;
};

/** GET /api/v1/export: an answer as a file, as `report query` writes it. */
export async function exportFile(
  { format: _format, type = "related", ...parameters }: Parameters,
  options: ExportOptions,
): Promise<Response> {
  const format = oneOf(
    ALL_FORMATS,
    "format",
    requiredParameter({ format: _format ?? "" }, "format"),
  );
  const exported = oneOf(EXPORTED_TYPES, "type", type);
  if (exported === "count" && isGraphFormat(format)) {
    throw new Refusal(400, `A count has no graph: export ${format} of related or threatrank`);
  }
  const result = await RESULTS[exported](parameters, { ...options, format });
  const organisations = namesByHash(await orgsOf(options.identity, options.user._hash));
  const { type: media, extension } = MEDIA_TYPES[format];
  const name = exportFileName({
    type: exported,
    asked: askedAttribute(parameters["q"]!, parameters["sub_type"]),
    time: options.answers.now(),
    zone: parameters["tzname"] ?? "UTC",
    extension,
  });
  return new Response(exportAnswer({ ...result, organisations }, format), {
    headers: {
      "content-type": media,
      // It is kept, not shown: what the file contains is not this site's.
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
}

type ResultOptions = Asking & { readonly format: ExportFormat };

const RESULTS: {
  readonly [type in typeof EXPORTED_TYPES[number]]: (
    parameters: Parameters,
    options: ResultOptions,
  ) => Promise<QueryResult>;
} = {
  count: (parameters, { format, ...asking }) =>
    askCount(askAs(asking), attributeQuestion("count", parameters), {
      withHistogram: format === "html",
    }),
  related: (parameters, { format, ...asking }) => {
    // A graph needs connections, which a plain summary does not have.
    const drawn = (isGraphFormat(format) || format === "html") && parameters["summary"] !== "false";
    const paths = drawn ? { summary_graph: "true" } : {};
    return askRelated(askAs(asking), attributeQuestion("related", { ...paths, ...parameters }));
  },
  threatrank: (parameters, asking) =>
    askRanks(askAs(asking), attributeQuestion("related", parameters)),
};

function oneOf<Name extends string>(names: readonly Name[], parameter: string, text: string): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new Refusal(400, `Cannot export: ${parameter} must be one of ${names.join(", ")}`);
}
