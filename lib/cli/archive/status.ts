import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import type { LakeStatus } from "../../lake/lake.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
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
  const { counts, rejectedEvents, oldestWaiting, maxAttempts, leases } = status;
  const lines = [table(["state", "entries"], Object.entries(counts)), ""];
  if (rejectedEvents > 0) {
    lines.push(`Archived without their events: ${rejectedEvents} (archive quarantine list)`);
  }
  if (oldestWaiting !== null) {
    const age = formatSpan(now - oldestWaiting);
    lines.push(`Oldest unfinished: ${formatTime(oldestWaiting)}, ${age} ago`);
    lines.push(`Most attempts at an unfinished entry: ${maxAttempts}`);
  } else {
    lines.push("Nothing is waiting");
  }
  if (leases.length > 0) {
    const rows = leases.map(({ owner, entries, until }) => [owner, entries, formatTime(until)]);
    lines.push("", table(["worker", "entries", "lease until"], rows));
  }
  return lines.join("\n");
}
