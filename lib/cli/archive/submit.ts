import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import { loadPublicKey } from "../../envelope/key_file.ts";
import {
  checkUploadFields,
  type RefusedFile,
  submit,
  type SubmittedFile,
  type UploadFields,
} from "../../lake/submit.ts";
import { log } from "../../log.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { orgidOf } from "./org_option.ts";
import { findInputs, readInputs } from "./inputs.ts";
import { startProgress } from "../progress.ts";

type Options = {
  readonly type: string;
  readonly org: string;
  readonly timezone: string;
  readonly name?: string;
  readonly lines?: true;
};

export function submitCommand(context: Context): Command {
  return newCommand("submit", "encrypt files and put them into the cache lake", [
    "archive submit events.json --type cowrie --org example",
    "archive submit 'logs/**/*.jsonl' --lines --type cowrie --org example --timezone Europe/Oslo",
    "curl -s https://example.com/feed | archive submit - --name feed --type ioc_list --org example",
  ])
    .argument("<file...>", "files or patterns; - is standard input")
    .requiredOption("-t, --type <type>", "what the data is: cowrie, email, stix, misp, …")
    .requiredOption("-o, --org <org>", "the organisation it comes from: its hash or name")
    .option("--timezone <zone>", "time zone of times without one", "UTC")
    .option("--name <name>", "name of the entry, instead of the file's")
    .option("--lines", "make an entry of each line (JSON lines)")
    .action((files: string[], options: Options, command: Command) =>
      submitFiles(context, files, options, command)
    );
}

async function submitFiles(
  context: Context,
  files: readonly string[],
  options: Options,
  command: Command,
): Promise<void> {
  const given = { typetag: options.type, orgid: options.org, timezone: options.timezone };
  checkArguments(given, command);
  const paths = await findInputs(files);
  if (options.name !== undefined && paths.length > 1) {
    command.error(`error: --name is for one file, and there are ${paths.length}`, { exitCode: 2 });
  }
  const { archive: { publicKey, maxBytes } } = await context.config();
  const key = await loadPublicKey(publicKey);
  const { lake } = await context.stores("lake");
  const upload = { ...given, orgid: await orgidOf(context, options.org) };

  const lines = options.lines === true;
  const submitted: SubmittedFile[] = [];
  const refused: RefusedFile[] = [];
  const bar = startProgress("Submitting", lines ? null : paths.length);
  try {
    await submit(readInputs(paths, { lines, name: options.name, maxBytes }), {
      lake,
      key,
      upload,
      maxBytes,
      now: nowSeconds,
      progress: (done, not) => {
        submitted.push(...done);
        refused.push(...not);
        bar.add(done.length + not.length);
      },
    });
  } finally {
    bar.stop();
    report(context, submitted, refused);
  }
}

function checkArguments(upload: UploadFields, command: Command): void {
  try {
    checkUploadFields(upload);
  } catch (error) {
    command.error(`error: ${error instanceof Error ? error.message : error}`, { exitCode: 2 });
  }
}

/** Says what is in the lake, even if an error ended the work halfway. */
function report(
  context: Context,
  submitted: readonly SubmittedFile[],
  refused: readonly RefusedFile[],
): void {
  for (const { name, reason } of refused) log.error(`Cannot submit ${name}: ${reason}`);
  if (refused.length > 0) context.fail();
  context.show(
    { submitted, refused },
    () =>
      `${submitted.length} submitted` + (refused.length > 0 ? `, ${refused.length} refused` : ""),
  );
}
