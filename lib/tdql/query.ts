import * as v from "valibot";
import { type Verdict, VERDICTS } from "../graph/graph.ts";
import { meaning, NotUnderstood } from "../indicators/meaning.ts";
import { printable } from "../printable.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import type { Hash } from "../tahoe/instance.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import { type Fields, isFields, isScalar, type Scalar, type Value } from "../tahoe/value.ts";
import { type Interval, INTERVALS } from "./intervals.ts";
import { QueryError } from "./query_error.ts";
import type { TimeSpec } from "./time_range.ts";

/** Question about an attribute and the events that hold it, as `count` and `related` ask it. */
export type AttributeQuery = {
  /** The normal form of what is asked; of a literal question, what it says. */
  readonly asked: AttributeName;
  /** Every attribute that answers. */
  readonly attributes: readonly AttributeName[];
  readonly category: Verdict;
  readonly context: Verdict;
  readonly time: TimeSpec;
  /** The query data, if it has `match`: the answer is to say what was asked and found. */
  readonly question?: Fields;
};

export type CountQuery = AttributeQuery & {
  readonly qtype: "count";
  /** Intervals in which to count the events, too. */
  readonly by?: Interval;
};

export type RelatedQuery = AttributeQuery & {
  readonly qtype: "related";
  readonly returnType: "all" | "attribute" | "event" | "object" | "session";
  /** 1 to 3. */
  readonly level: number;
  /** 1 or more. */
  readonly page: number;
  readonly summary: boolean;
  readonly summaryGraph: boolean;
};

export type ThreatRankQuery = {
  readonly qtype: "threatrank";
  /** Hash of the event, in lower case. */
  readonly hash: Hash;
};

export { INTERVALS, VERDICTS };

/** Query data that was read and checked. */
export type Query = CountQuery | RelatedQuery | ThreatRankQuery;

const RETURN_TYPES = ["all", "attribute", "event", "object", "session"] as const;
const STRING = v.string("must be a string");
const BOOLEAN = v.boolean("must be true or false");

const SUB_TYPE = "must be a sub-type such as ipv4: letters, digits and _, no digit first";

/**
 * The fields of query data, as the table of the TAHOE/CYBEX-P contract defines them; `match` and
 * `by` are ours.
 */
const FIELDS = v.strictObject({
  sub_type: v.exactOptional(v.pipe(v.string(SUB_TYPE), v.check(isSubType, SUB_TYPE))),
  data: v.exactOptional(
    v.custom<Scalar>(isScalar, "must be a string, number, true, false or null"),
  ),
  from: v.exactOptional(STRING),
  to: v.exactOptional(STRING),
  last: v.exactOptional(STRING),
  tzname: v.exactOptional(STRING),
  category: v.exactOptional(oneOf(VERDICTS), "all"),
  context: v.exactOptional(oneOf(VERDICTS), "all"),
  match: v.exactOptional(oneOf(["literal", "equivalent"])),
  by: v.exactOptional(oneOf(INTERVALS)),
  return_type: v.exactOptional(oneOf(RETURN_TYPES), "all"),
  level: v.exactOptional(integerBetween(1, 3), 1n),
  page: v.exactOptional(integerBetween(1, Number.MAX_SAFE_INTEGER), 1n),
  summary: v.exactOptional(BOOLEAN, true),
  summary_graph: v.exactOptional(BOOLEAN, false),
  _hash: v.exactOptional(v.pipe(
    v.string("must be 64 hex digits"),
    v.regex(/^[0-9a-f]{64}$/i, "must be 64 hex digits"),
    v.toLowerCase(),
  )),
});
type QueryFields = v.InferOutput<typeof FIELDS>;

/**
 * Reads query data that was un-nested by `unnestQueryData`. Every field is checked, even one that
 * the type of query does not use.
 *
 * @throws {QueryError} InvalidParameterValue when there is no such type of query; ValidationError,
 * with all faults, when the data breaks the rules.
 */
export function readQuery(qtype: string, value: Value): Query {
  switch (qtype) {
    case "count": {
      const fields = checkFields(value);
      const { by } = fields;
      return {
        qtype,
        ...readAttributeQuery(qtype, fields, value),
        ...(by !== undefined && { by }),
      };
    }
    case "related": {
      const fields = checkFields(value);
      return {
        qtype,
        ...readAttributeQuery(qtype, fields, value),
        returnType: fields.return_type,
        level: fields.level,
        page: fields.page,
        summary: fields.summary,
        summaryGraph: fields.summary_graph,
      };
    }
    case "threatrank":
      return { qtype, hash: requireField("_hash", checkFields(value), qtype) };
    default:
      throw new QueryError(
        "InvalidParameterValue",
        "qtype must be count, related or threatrank",
      );
  }
}

/** Selects events whatever they hold. */
export type Selection = Pick<AttributeQuery, "category" | "time">;

/**
 * Reads the fields of query data that select events whatever they hold.
 *
 * @throws {QueryError} ValidationError when one of them breaks the rules.
 */
export function readSelection(value: Fields): Selection {
  const fields = checkFields(value);
  return { category: fields.category, time: readTime(fields) };
}

function checkFields(value: Value): QueryFields {
  // Valibot would accept an array as an object.
  if (!isFields(value)) throw new QueryError("ValidationError", "query data must be an object");
  const result = v.safeParse(FIELDS, value);
  if (result.success) return result.output;
  throw new QueryError("ValidationError", result.issues.map(describeIssue).join("; "));
}

function describeIssue({ type, path, message }: v.InferIssue<typeof FIELDS>): string {
  const name = printable(String(path?.[0].key).slice(0, 40));
  return type === "strict_object" ? `${name} is not a field of query data` : `${name} ${message}`;
}

function readAttributeQuery(qtype: string, fields: QueryFields, value: Value): AttributeQuery {
  const { category, context, match } = fields;
  const subType = requireField("sub_type", fields, qtype);
  const data = requireField("data", fields, qtype);
  return {
    ...(match === "equivalent" ? equivalents(subType, data) : literally(subType, data)),
    ...(match !== undefined && { question: value as Fields }),
    category,
    context,
    time: readTime(fields),
  };
}

function readTime({ from, to, last, tzname }: QueryFields): TimeSpec {
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(last !== undefined && { last }),
    ...(tzname !== undefined && { tzname }),
  };
}

function literally(subType: string, data: Scalar) {
  const asked = { subType: subType === "ip" ? "ipv4" : subType, data };
  return { asked, attributes: [asked] };
}

function equivalents(subType: string, data: Scalar) {
  try {
    const { normal, attributes } = meaning(subType, data);
    return { asked: normal, attributes };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    throw new QueryError("ValidationError", `data ${error.reason}`, { cause: error });
  }
}

function requireField<Name extends "sub_type" | "data" | "_hash">(
  name: Name,
  fields: QueryFields,
  qtype: string,
): Exclude<QueryFields[Name], undefined> {
  const value = fields[name];
  if (value !== undefined) return value as Exclude<QueryFields[Name], undefined>;
  throw new QueryError("ValidationError", `${name} is missing: ${qtype} needs it`);
}

function oneOf<const Name extends string>(names: readonly Name[]) {
  return v.picklist(names, `must be one of ${names.join(", ")}`);
}

/** Schema of a JSON number without decimal point and exponent, from `least` to `most`. */
function integerBetween(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.bigint(message),
    v.check((number) => number >= least && number <= most, message),
    v.transform(Number),
  );
}
