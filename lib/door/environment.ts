import type { Caller } from "./callers.ts";

/** What handlers of requests know: the address of a request, and, once it is known, the caller. */
export type DoorEnvironment = {
  readonly Bindings: { readonly address: string };
  readonly Variables: { caller: Caller };
};
