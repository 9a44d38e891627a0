import fc from "fast-check";
import type { Fields, Value } from "../../lib/tahoe/value.ts";

const scalars = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.bigInt(),
  fc.double(),
  fc.string({ unit: "binary" }),
  fc.string(),
);

/** Any value that JSON can say, several levels deep. */
export const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalars,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 5 }) as fc.Arbitrary<Fields>,
  ),
})).value;
