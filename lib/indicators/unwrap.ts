import { refang } from "./refang.ts";

/** A pasted value without the quotes and list separators around it, and no longer defanged. */
export function unwrap(text: string): string {
  const bare = text.trim().replace(/^(["'`])(.*)\1[,;]?$/s, "$2");
  return refang(bare.includes("://") ? bare : bare.replace(/[,;]+$/, "")).trim();
}
