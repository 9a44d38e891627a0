/** What a look at a part of the installation found: for `doctor`. */
export type Finding = {
  readonly level: "ok" | "warn" | "fail";
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
};
