import type { Details } from "../../../tahoe/instance.ts";
import type { QueryResult } from "../../answer_content.ts";

/** What the page is told beside the answer itself. */
export type AboutAnswer = {
  readonly qtype: QueryResult["qtype"];
  /** Names of organisations by their hashes. */
  readonly organisations: { readonly [hash: string]: string };
  /** What was asked, where the answer does not say it: a list of ThreatRanks may be empty. */
  readonly details?: Details;
};
