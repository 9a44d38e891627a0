import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import {
  checkUploadFields,
  type RefusedFile,
  submit,
  type SubmittedFile,
  type UploadFields,
} from "../../lake/submit.ts";
import { log } from "../../log.ts";
import { FILTERS } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { resolveOrgid } from "./org_option.ts";
import { findInputs, readInputs } from "./inputs.ts";
import { startProgress } from "../progress.ts";
import { loadSealingKey } from "../sealing_key.ts";
import { TIMEZONE_HELP } from "./timezone_option.ts";
import { resolveTypetag } from "./type_option.ts";

const KEY_ADVICE =
  "Uploads are sealed with the public key of the community: get it from its operator, or make a " +
  "pair of your own with archive keygen. To archive files without a key, use archive import";

type SubmitFlags = {
  readonly type: string;
  readonly org: string;
  readonly timezone: string;
  readonly name?: string;
  readonly lines?: boolean;
};

export function submitCommand(context: Context): Command {
  return newCommand("submit", "encrypt files and put them into the cache lake", [
    "archive submit events.json --type cowrie --org example",
    "archive submit 'logs/**/*.jsonl' --lines --type cowrie --org example",
    "curl -s https://example.com/feed | archive submit - --name feed --type ioc_list --org example",
  ])
    .argument("<file...>", "files, patterns or folders (without hidden files); - is standard input")
    .requiredOption("-t, --type <type>", `type of the data: ${[...FILTERS.keys()].join(", ")}`)
    .requiredOption("-o, --org <org>", "organisation that the data is from: its hash or name")
    .option("--timezone <zone>", TIMEZONE_HELP, "UTC")
    .option("--name <name>", "name of the entry, instead of the file's")
    .option("--lines", "make an entry of each line (JSON lines)")
    .action(async (files: string[], flags: SubmitFlags, command: Command) => {
      const { type: typetag, org: orgid, timezone } = flags;
      resolveTypetag(typetag, (await context.config()).archive, command);
      checkFields({ typetag, orgid, timezone }, command);
      const paths = await findInputs(files);
      if (flags.name !== undefined && paths.length > 1) {
        command.error(`error: --name is for a single file, not for ${paths.length}`, {
          exitCode: 2,
        });
      }
      await submitFiles(context, paths, { ...flags, command });
    });
}

function checkFields(fields: UploadFields, command: Command): void {
  try {
    checkUploadFields(fields);
  } catch (error) {
    refuse(errorMessage(error), command);
  }
}

function refuse(fault: string, command: Command): void {
  command.error(`error: ${fault}`, { exitCode: 2 });
}

async function submitFiles(
  context: Context,
  paths: readonly string[],
  { type: typetag, org, timezone, name, lines = false, command }: SubmitFlags & {
    readonly command: Command;
  },
): Promise<void> {
  const { archive } = await context.config();
  const { maxBytes } = archive;
  const archivedAs = resolveTypetag(typetag, archive, command);
  const key = await loadSealingKey(archive, KEY_ADVICE);
  const { lake } = await context.stores("lake");
  const upload = { typetag, timezone, orgid: await resolveOrgid(context, org, command) };

  const submitted: SubmittedFile[] = [];
  const refused: RefusedFile[] = [];
  const bar = startProgress("Submitting", null);
  try {
    await submit(readInputs(paths, { lines, name, maxBytes, typetag: archivedAs }), {
      lake,
      key,
      upload,
      archivedAs,
      maxBytes,
      now: nowSeconds,
      progress: (newlySubmitted, newlyRefused) => {
        submitted.push(...newlySubmitted);
        refused.push(...newlyRefused);
        bar.add(newlySubmitted.length + newlyRefused.length);
      },
    });
  } finally {
    bar.stop();
    showResult(context, submitted, refused);
  }
}

/** Reports which files are in the lake, even if an error ended the work early. */
function showResult(
  context: Pick<Context, "fail" | "show">,
  submitted: readonly SubmittedFile[],
  refused: readonly RefusedFile[],
): void {
  for (const { name, skipped = {} } of submitted) {
    for (const what of Object.keys(skipped)) log.warn(`Submitted ${name}: ${what}`);
  }
  for (const { name, reason } of refused) log.error(`Cannot submit ${name}: ${reason}`);
  if (refused.length > 0) context.fail();
  context.show(
    { submitted, refused },
    () =>
      `${submitted.length} submitted` + (refused.length > 0 ? `, ${refused.length} refused` : ""),
  );
}
