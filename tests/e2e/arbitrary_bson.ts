import fc from "fast-check";
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "mongodb";

/** Numbers at which programs break. */
const NUMBERS = [0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 53, 1e300, -1e300];
const DECIMALS = ["1", "NaN", "Infinity", "1E+6000", "-1E-6000", "9007199254740993"];
const LONGS = [Long.MAX_VALUE, Long.MIN_VALUE, Long.ZERO];
const TEXTS = ["", "x", "true", "\0", "$claim", "a.b", "\u{fffd}", "é".repeat(2000)];

/** A value of any type of BSON but a number that could be a time or a count. */
export function anyBson(): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom(null, true, false, new MinKey(), new MaxKey()),
      fc.constantFrom(...NUMBERS).map((number) => new Double(number)),
      fc.constantFrom(...LONGS),
      fc.constantFrom(-1, -(2 ** 31)).map((number) => new Int32(number)),
      fc.constantFrom(...DECIMALS).map((text) => Decimal128.fromString(text)),
      fc.constantFrom(...TEXTS),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => new Binary(bytes, 0)),
      fc.constantFrom(0, 1e12, 8.64e15).map((time) => new Date(time)),
      fc.constantFrom(new BSONRegExp("(", "i"), new BSONSymbol("s"), new Code("x", { a: 1 })),
      fc.constantFrom(new Timestamp({ t: 1, i: 1 }), new DBRef("c", new ObjectId())),
      fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "until", "owner", "$oid", "$date"), tie("value"), {
        maxKeys: 2,
      }),
    ),
  }));
  return value;
}

/** The document with one to three of its fields, given by their paths, replaced by anything. */
export function damagedDocument(
  document: Document,
  paths: readonly string[],
): fc.Arbitrary<Document> {
  const changes = fc.array(fc.tuple(fc.constantFrom(...paths), anyBson()), {
    minLength: 1,
    maxLength: 3,
  });
  return changes.map((changes) =>
    changes.reduce((changed, [path, value]) => withField(changed, path.split("."), value), document)
  );
}

function withField(document: Document, path: readonly string[], value: unknown): Document {
  const [name = "", ...rest] = path;
  if (Array.isArray(document)) {
    return document.map((each, i) =>
      String(i) === name ? withField({ each }, ["each", ...rest], value)["each"] : each
    );
  }
  if (rest.length === 0) return { ...document, [name]: value };
  const inner: unknown = document[name];
  // What another change has replaced by something else stays.
  if (inner === null || typeof inner !== "object" || "_bsontype" in inner) return document;
  return { ...document, [name]: withField(inner as Document, rest, value) };
}
