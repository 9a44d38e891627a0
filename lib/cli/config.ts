import type { Command } from "commander";
import type { Config } from "../config.ts";
import { newCommand } from "./command.ts";
import type { Context } from "./context.ts";
import { table } from "./table.ts";

export function configCommand(context: Context): Command {
  return newCommand("config", "inspect the configuration", [
    `${context.program} config show`,
  ])
    .addCommand(showCommand(context));
}

function showCommand(context: Context): Command {
  return newCommand("show", "show every value and where it comes from; secrets are masked", [
    `${context.program} config show`,
    `${context.program} config show --config /etc/cybexp/config.json --json`,
  ]).action(() => showConfig(context));
}

async function showConfig(context: Context): Promise<void> {
  const config = await context.config();
  const { file, settings, notices } = config;
  context.show({ file, settings, notices }, () => formatConfig(config));
}

function formatConfig({ file, settings, notices }: Config): string {
  const rows = settings.map(({ name, value, origin, variable }) => [
    name,
    typeof value === "object" ? value.join(",") : String(value),
    origin,
    variable,
  ]);
  return [
    `File: ${file ?? "none"}`,
    ...notices.map((notice) => `Notice: ${notice}`),
    "",
    table(["setting", "value", "from", "environment variable"], rows),
  ].join("\n");
}
