/** A typetag that data could have, and what in its name or content says so. */
export type TypeCandidate = { readonly typetag: string; readonly reason: string };
