import { log } from "../../log.ts";
import { printable } from "../../printable.ts";
import type { Report } from "../../tahoe/instance.ts";

/**
 * Warns on standard error, where programs see it, too, that nothing was found because another sub-type
 * may have been meant. Networks, which are asked rightly, get their advice in the answer alone.
 */
export function warnOfSubType({ details }: Pick<Report, "details">): void {
  const { advice, asked } = details ?? {};
  if (advice === undefined || /^ipv[46]_net$/.test(String(asked?.["sub_type"]))) return;
  log.warn(printable(advice));
}
