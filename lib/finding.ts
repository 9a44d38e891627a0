/** What `doctor` found when it checked one part of the installation. */
export type Finding = {
  readonly level: "ok" | "warn" | "fail";
  readonly text: string;
  /** What the operator can do about it. */
  readonly advice?: string;
};
