import type { Details } from "../../lib/tahoe/instance.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";
import type { PageAnswer } from "../answer.ts";
import type { SourcedAnswer } from "../source.ts";
import { listOf, numberOf, objectOf, objectsOf } from "./fields.ts";
import { readHistogram, readPart, readQuestion } from "./read_question.ts";
import { readRanks } from "./read_ranks.ts";
import { readListed, readRelated } from "./read_related.ts";

/** Reads an answer of any kind. */
export function readAnswer({ about, json }: SourcedAnswer): PageAnswer {
  const { qtype, organisations } = about;
  const answer = parseJson(json);
  const details = answerDetails(answer, about.details);
  const answered = answerTime(answer);
  const common = {
    qtype,
    organisations,
    json,
    zone: String(objectOf(details["range"])["tzname"] ?? "UTC"),
    ...(answered !== undefined && { answered }),
    ...readQuestion(details),
  };
  switch (qtype) {
    case "count":
      return { ...common, ...readCount(objectOf(answer)), ...readHistogram(details) };
    case "related": {
      const report = objectOf(answer);
      const values = readRelated(report["data"], details);
      return { ...common, ...values, ...readListed(report["data"]), ...readPart(report) };
    }
    case "threatrank":
      return { ...common, ranks: readRanks(answer) };
  }
}

function readCount({ data }: Fields): Pick<PageAnswer, "count"> {
  const count = numberOf(data);
  return count === undefined ? {} : { count };
}

/** What was asked is beside the data of a report; in a list, beside each of them. */
function answerDetails(answer: Value, details: Details | undefined): Fields {
  if (details !== undefined) return details as unknown as Fields;
  return Array.isArray(answer) ? {} : objectOf(answer);
}

/** The time of the newest report. */
function answerTime(answer: Value): number | undefined {
  const reports = Array.isArray(answer)
    ? objectsOf(listOf(answer)).map(({ report }) => objectOf(report))
    : [objectOf(answer)];
  const times = reports.map(({ timestamp }) => numberOf(timestamp)).filter((time) =>
    time !== undefined
  );
  return times.length === 0 ? undefined : Math.max(...times);
}
