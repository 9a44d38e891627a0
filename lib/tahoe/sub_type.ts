/**
 * Checks that a value can name a kind of data.
 *
 * @throws {TypeError} when it is not a string.
 * @throws {RangeError} when it is not an identifier: see {@link isSubType}.
 */
export function checkSubType(subType: unknown): asserts subType is string {
  if (typeof subType !== "string") {
    throw new TypeError(
      `Sub-type must be a string, not ${subType === null ? "null" : typeof subType}`,
    );
  }
  if (!isSubType(subType)) {
    throw new RangeError(
      `Cannot use ${
        JSON.stringify(subType)
      } as a sub-type: use letters, digits and _ only, not starting with a digit`,
    );
  }
}

/** Tells whether a string is a Python identifier (`str.isidentifier`), in any script. */
export function isSubType(string: string): boolean {
  return /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(string);
}
