/**
 * A sub-type names a kind of data. It is a Python identifier (`str.isidentifier`), in any script.
 *
 * Throws TypeError if it is no text, RangeError if it is no identifier.
 */
export function checkSubType(subType: unknown): asserts subType is string {
  if (typeof subType !== "string") {
    throw new TypeError(
      `Sub-type must be a text, not ${subType === null ? "null" : typeof subType}`,
    );
  }
  if (!isSubType(subType)) {
    throw new RangeError(
      `Cannot use ${
        JSON.stringify(subType)
      } as a sub-type: letters, digits and _ only, no digit first`,
    );
  }
}

export function isSubType(text: string): boolean {
  return /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text);
}
