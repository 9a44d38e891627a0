const SHORT: { readonly [byte: number]: string } = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" };

/** Python's `repr` of bytes: double quotes only where that saves escaping single ones. */
export function writeBytesLiteral(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  const parts = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    if (character === quote) return `\\${quote}`;
    if (SHORT[byte] !== undefined) return SHORT[byte];
    if (byte >= 0x20 && byte <= 0x7e) return character;
    return `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `b${quote}${parts.join("")}${quote}`;
}

/** Whether short text has the syntax of such a literal. */
export function isBytesLiteral(text: string): boolean {
  const single = /^b'(?:[ -&(-[\]-~]|\\[\\'"nrt]|\\x[0-9a-fA-F]{2})*'$/;
  const double = /^b"(?:[ !#-[\]-~]|\\[\\'"nrt]|\\x[0-9a-fA-F]{2})*"$/;
  return single.test(text) || double.test(text);
}
