/** True if a short text has the syntax of a bytes literal. */
export function isBytesLiteral(text: string): boolean {
  const single = /^b'(?:[ -&(-[\]-~]|\\[\\'"nrt]|\\x[0-9a-fA-F]{2})*'$/;
  const double = /^b"(?:[ !#-[\]-~]|\\[\\'"nrt]|\\x[0-9a-fA-F]{2})*"$/;
  return single.test(text) || double.test(text);
}
