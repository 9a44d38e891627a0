import type { GivenValues } from "./given_values.ts";
import { indicatorsInLines } from "./indicators_in_lines.ts";
import { mailTexts } from "./mail_texts.ts";

/**
 * Reads the indicators in the headers and all texts of a mail, or of those of an mbox file. Undefined
 * for other texts.
 */
export function readMail(text: string): GivenValues | undefined {
  const mail = mailTexts(text);
  if (mail === undefined) return undefined;
  const { values, skipped } = indicatorsInLines(mail.texts);
  const others = mail.others === 0 ? [] : [["part that is not text", mail.others]] as const;
  return { values, skipped: new Map([...skipped, ...others]) };
}
