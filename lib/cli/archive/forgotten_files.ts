import { chunks } from "../../chunks.ts";
import type { ForgottenRaw } from "../../lake/forget.ts";
import type { CacheLake } from "../../lake/lake.ts";
import type { Hash } from "../../tahoe/instance.ts";
import { fileName } from "./upload_names.ts";

/** What one organisation's uploads of one file bring, or brought. */
export type ForgottenFile = {
  /** Its name, without its folder; null if nobody knows it. */
  readonly file: string | null;
  readonly type: string;
  readonly org: string;
  /** The name of the organisation, if it can be found. */
  readonly orgname?: string;
  /** Times of the first and the last upload, in seconds since 1970; null if unknown. */
  readonly sent: readonly [first: number | null, last: number | null];
  readonly uploads: number;
  /** Events that its Raws refer to; some may stay, because other uploads brought them as well. */
  readonly events: number;
  readonly raws: readonly Hash[];
  /** Whether others sent the same data, so that the Raw stays. */
  readonly stays: boolean;
};

/** The highest limit that every database takes. */
const ALL = 2 ** 31 - 1;

/** Raws whose entries are looked for at once. */
const RAWS_AT_ONCE = 10_000;

/** One upload of a Raw. */
type Upload = Omit<ForgottenFile, "orgname" | "sent" | "uploads" | "raws"> & {
  readonly raw: Hash;
  readonly timestamp: number | null;
};

/** Collects the uploads that a dry run finds, and puts them together by file. */
export class ForgottenFiles {
  readonly #uploads: Upload[] = [];

  add({ raw, typetag: type, sources, events, isShared: stays }: ForgottenRaw): void {
    for (const [index, source] of sources.entries()) {
      const { name, file = name, orgid: org, timestamp = null } = source;
      // The events of a Raw count once, whoever sent it how often.
      const own = index === 0 ? events : 0;
      this.#uploads.push({ raw, file: file ?? null, type, org, timestamp, events: own, stays });
    }
  }

  /** Lists the files by name; the lake knows the names of those that were not imported. */
  async list(lake: Pick<CacheLake, "list">): Promise<readonly ForgottenFile[]> {
    const names = new Map<Hash, string>();
    const unnamed = this.#uploads.filter(({ file }) => file === null).map(({ raw }) => raw);
    for await (const some of chunks(unnamed, RAWS_AT_ONCE)) {
      const entries = await lake.list({ states: ["SUCCESS"], refs: some }, ALL);
      for (const { refs, name } of entries) for (const raw of refs) names.set(raw, name);
    }
    const groups = Map.groupBy(
      this.#uploads.map((each) => ({ ...each, file: each.file ?? names.get(each.raw) ?? null })),
      ({ file, type, org, stays }) => JSON.stringify([file && fileName(file), type, org, stays]),
    );
    return [...groups.values()].map(together).sort(byName);
  }
}

function together(uploads: readonly Upload[]): ForgottenFile {
  const { file, type, org, stays } = uploads[0]!;
  const times = uploads.map(({ timestamp }) => timestamp).filter((time) => time !== null);
  const first = times.reduce((a, b) => Math.min(a, b), Infinity);
  const last = times.reduce((a, b) => Math.max(a, b), -Infinity);
  return {
    file: file === null ? null : fileName(file),
    type,
    org,
    sent: times.length > 0 ? [first, last] : [null, null],
    uploads: uploads.length,
    events: uploads.reduce((sum, { events }) => sum + events, 0),
    raws: [...new Set(uploads.map(({ raw }) => raw))],
    stays,
  };
}

function byName(a: ForgottenFile, b: ForgottenFile): number {
  return (a.file ?? "").localeCompare(b.file ?? "", "en");
}
