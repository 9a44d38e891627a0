import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import type { InboxStatus } from "../../tdql/inbox.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { leaseLines } from "../lease_lines.ts";
import { table } from "../table.ts";
import { formatSpan, formatTime } from "../../time.ts";

export function statusCommand(context: Context): Command {
  return newCommand("status", "show what is in the inbox of queries", [
    "report status",
    "report status --json | jq .counts.wait",
  ]).action(() => showStatus(context));
}

async function showStatus(context: Context): Promise<void> {
  const { inbox } = await context.stores("inbox");
  const now = nowSeconds();
  const status = await inbox.status(now);
  context.show(status, () => formatStatus(status, now));
}

function formatStatus(status: InboxStatus, now: number) {
  const { counts, oldestWaiting, maxAttempts, leases, leaseOwners, quarantined } = status;
  const lines = [table(["status", "queries"], Object.entries(counts)), ""];
  if (quarantined !== undefined) {
    lines.push(`In quarantine: ${quarantined} (report quarantine list)`);
  }
  if (oldestWaiting !== null) {
    const age = formatSpan(now - oldestWaiting);
    lines.push(`Oldest unanswered: ${formatTime(oldestWaiting)}, ${age} ago`);
    lines.push(`Most attempts at an unanswered query: ${maxAttempts}`);
  } else {
    lines.push("Nothing is waiting");
  }
  const rows = leases.map(({ owner, queries, until }) => [owner, queries, formatTime(until)]);
  lines.push(...leaseLines(["worker", "queries", "lease until"], rows, leaseOwners));
  return lines.join("\n");
}
