import { evidenceOf, isMaliciousItself } from "../../lib/answers/read_report.ts";
import type { Report } from "../../lib/tahoe/instance.ts";
import { type Fields, isFields, type Value } from "../../lib/tahoe/value.ts";
import type { EvidencePath, PageRank, PathNode } from "../answer.ts";
import { numberOf, objectOf, objectsOf, scalarOf } from "./fields.ts";
import { readEvent } from "./read_event.ts";

/** Reads the ThreatRanks of events, or that of the one event which was asked for by its hash. */
export function readRanks(answer: Value): PageRank[] {
  if (isFields(answer)) {
    const hash = String(objectOf(answer["question"])["_hash"]);
    return [readRank(answer, hash)];
  }
  return objectsOf(answer).map(({ event, report }) => {
    const read = readEvent(objectOf(event));
    return { ...readRank(objectOf(report), read.hash), event: read };
  });
}

function readRank(fields: Fields, hash: string): PageRank {
  const report = fields as unknown as Report;
  const { flags = [], bounds, paths = [] } = evidenceOf(report, hash);
  return {
    hash,
    rank: numberOf(fields["data"]) ?? NaN,
    isMalicious: isMaliciousItself(report, hash),
    flags: flags.map(String),
    ...(bounds !== undefined &&
      { bounds: { least: Number(bounds.least), most: Number(bounds.most) } }),
    paths: paths.map(readPath),
  };
}

function readPath({ weight, share, nodes }: Fields): EvidencePath {
  return {
    weight: numberOf(weight) ?? NaN,
    share: numberOf(share) ?? NaN,
    nodes: objectsOf(nodes).map(readNode),
  };
}

function readNode({ _hash, label, data }: Fields): PathNode {
  const [subType = "", itype = ""] = String(label).split("=");
  return {
    hash: String(_hash),
    itype,
    subType,
    ...(data !== undefined && { data: scalarOf(data) }),
  };
}
