import type { Command } from "commander";
import { chunksByBytes } from "../../chunks.ts";
import { errorMessage } from "../../errors.ts";
import { computeHash } from "../../tahoe/hash.ts";
import type { Hash, Instance } from "../../tahoe/instance.ts";
import type { Damaged, InstanceStore } from "../../tahoe/instances.ts";
import { newCommand } from "../command.ts";
import { counted } from "../../counted.ts";
import type { Context } from "../context.ts";
import { startProgress } from "../progress.ts";
import { table } from "../table.ts";

/** Flaw of a stored instance. */
export type Flaw = { readonly hash: Hash; readonly itype: string; readonly flaw: string };

export type Verification = {
  readonly checked: number;
  readonly flawed: number;
  /** Up to a thousand of the flaws. */
  readonly flaws: readonly Flaw[];
};

/** Instances whose references are looked up together. */
const PAGE_SIZE = 256;

/** Most flaws that are kept, to be shown. */
const MAX_FLAWS = 1000;

export function verifyCommand(context: Context): Command {
  return newCommand(
    "verify",
    "hash every stored instance again, and look for dangling references",
    [
      "archive verify",
      "archive verify --json | jq -r '.flaws[].hash'",
    ],
  ).action(() => verifyArchive(context));
}

async function verifyArchive(context: Context): Promise<void> {
  const { archive } = await context.stores("archive");
  const counts = Object.values(await archive.count());
  const bar = startProgress("Verifying", counts.reduce((sum, count) => sum + count, 0));
  const verification = await verify(archive, bar.add).finally(bar.stop);
  if (verification.flawed > 0) context.fail();
  context.show(verification, () => formatVerification(verification));
}

/**
 * Checks every instance. Calls `progress` with the number of instances checked since the last call.
 */
export async function verify(
  store: InstanceStore,
  progress: (count: number) => void,
): Promise<Verification> {
  let checked = 0;
  let flawed = 0;
  const flaws: Flaw[] = [];
  const onDamaged = ({ hash, reason }: Damaged) => {
    checked++;
    flawed++;
    progress(1);
    if (flaws.length < MAX_FLAWS) {
      flaws.push({ hash, itype: "?", flaw: `cannot be read: ${reason}` });
    }
  };
  const pages = chunksByBytes(store.all(onDamaged), {
    maxItems: PAGE_SIZE,
    maxBytes: Infinity,
    bytesOf: () => 0,
  });
  for await (const page of pages) {
    const missing = new Set(await store.missing([...new Set(page.flatMap(referencesOf))]));
    for (const instance of page) {
      const flawTexts = flawsOf(instance, missing);
      if (flawTexts.length === 0) continue;
      flawed++;
      const { _hash: hash, itype } = instance;
      for (const flaw of flawTexts) {
        if (flaws.length < MAX_FLAWS) flaws.push({ hash, itype, flaw });
      }
    }
    checked += page.length;
    progress(page.length);
  }
  return { checked, flawed, flaws };
}

function flawsOf(instance: Instance, missing: ReadonlySet<Hash>): string[] {
  const dangling = new Set(referencesOf(instance).filter((hash) => missing.has(hash)));
  return [...hashFlaws(instance), ...[...dangling].map((hash) => `refers to missing ${hash}`)];
}

function hashFlaws(instance: Instance): string[] {
  try {
    const hash = computeHash(instance);
    return hash === instance._hash ? [] : [`its content has the hash ${hash}`];
  } catch (error) {
    return [`cannot be hashed: ${errorMessage(error)}`];
  }
}

function referencesOf(instance: Instance): readonly Hash[] {
  const { _cref = [], _ref = [], _ben_ref = [], _mal_ref = [] } = instance as {
    readonly [set in "_cref" | "_ref" | "_ben_ref" | "_mal_ref"]?: readonly Hash[];
  };
  return [..._cref, ..._ref, ..._ben_ref, ..._mal_ref];
}

function formatVerification({ checked, flawed, flaws }: Verification): string {
  const summary = `${counted(checked, "instance")} checked, ${flawed} flawed`;
  if (flawed === 0) return summary;
  const rows = flaws.map(({ hash, itype, flaw }) => [hash, itype, flaw]);
  const more = flaws.length === MAX_FLAWS ? `\nOnly the first ${MAX_FLAWS} flaws are shown.` : "";
  return `${table(["hash", "itype", "flaw"], rows)}\n\n${summary}${more}`;
}
