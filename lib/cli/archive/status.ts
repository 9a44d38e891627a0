import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import type { LakeStatus } from "../../lake/lake.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { leaseLines } from "../lease_lines.ts";
import { table } from "../table.ts";
import { formatSpan, formatTime } from "../../time.ts";

export function statusCommand(context: Context): Command {
  return newCommand("status", "show what is in the cache lake", [
    "archive status",
    "archive status --json | jq .counts.WAITING",
  ]).action(() => showStatus(context));
}

async function showStatus(context: Context): Promise<void> {
  const { lake } = await context.stores("lake");
  const now = nowSeconds();
  const status = await lake.status(now);
  context.show(status, () => formatStatus(status, now));
}

function formatStatus(status: LakeStatus, now: number): string {
  const { counts, rejectedEvents, oldestWaiting, maxAttempts, leases, leaseOwners, stuck } = status;
  const lines = [table(["state", "entries"], Object.entries(counts)), ""];
  if (rejectedEvents > 0) {
    lines.push(`Archived without their events: ${rejectedEvents} (archive quarantine list)`);
  }
  if (stuck !== undefined) {
    lines.push(`Cannot be archived, nor set aside: ${stuck} (archive quarantine list)`);
  }
  if (oldestWaiting !== null) {
    const age = formatSpan(now - oldestWaiting);
    lines.push(`Oldest unfinished: ${formatTime(oldestWaiting)}, ${age} ago`);
    lines.push(`Most attempts at an unfinished entry: ${maxAttempts}`);
  } else {
    lines.push("Nothing is waiting");
  }
  const rows = leases.map(({ owner, entries, until }) => [owner, entries, formatTime(until)]);
  lines.push(...leaseLines(["worker", "entries", "lease until"], rows, leaseOwners));
  return lines.join("\n");
}
