/** How the Python API names a field that is missing: as Python writes its KeyError. */
export function keyError(name: string): string {
  return `KeyError('${name}')`;
}
