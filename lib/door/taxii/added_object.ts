import type { StixObject } from "../../answers/export/extension.ts";
import type { AddedTime } from "../../graph/graph.ts";

/** An object, and when it was added to the collection. */
export type AddedObject = { readonly object: StixObject; readonly added: AddedTime };
