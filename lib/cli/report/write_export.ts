import { writeText } from "../../write_text.ts";
import type { QueryResult } from "../../answers/answer_content.ts";
import { exportAnswer, type ExportFormat } from "../../answers/export/export_answer.ts";

/** Writes an answer to standard output in an export format. */
export function writeExport(result: QueryResult, format: ExportFormat): void {
  writeText(Deno.stdout, exportAnswer(result, format));
}
