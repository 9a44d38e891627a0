import { fstatSync } from "node:fs";
import {
  configureSync,
  getLogger,
  type Logger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";
import { errorMessage } from "./errors.ts";
import { maskUrls } from "./mask.ts";
import { printable } from "./printable.ts";
import { writeText } from "./write_text.ts";

/**
 * The program's log, such as `log.info("Archived", {entry, raw})`. The text is constant, everything
 * variable goes into fields, and neither ever contains plaintext or key bytes. Writes nothing before
 * {@link startLog} is called.
 */
export const log: Logger = getLogger("cybexp");

/** How lines are written: for the journal, or for people, with or without colour. */
export type LogStyle = "journal" | "colour" | "plain";

type Level = { readonly label: string; readonly priority: number; readonly colour: number };

/** Syslog priorities (RFC 5424, table 2) and SGR colours. */
const LEVELS: { readonly [level in LogLevel]: Level } = {
  trace: { label: "trace", priority: 7, colour: 90 },
  debug: { label: "debug", priority: 7, colour: 90 },
  info: { label: "info", priority: 6, colour: 32 },
  warning: { label: "warning", priority: 4, colour: 33 },
  error: { label: "error", priority: 3, colour: 31 },
  fatal: { label: "fatal", priority: 2, colour: 31 },
};

/** Starts writing the log to standard error, from level info on, or from level debug on. */
export function startLog({ debug }: { readonly debug: boolean }): void {
  const style = logStyle((name) => Deno.env.get(name), Deno.stderr.isTerminal());
  configureSync({
    reset: true,
    sinks: { stderr: (record) => writeText(Deno.stderr, formatRecord(record, style) + "\n") },
    loggers: [
      { category: "cybexp", sinks: ["stderr"], lowestLevel: debug ? "debug" : "info" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
}

/**
 * Chooses the style of log lines. It is the journal's if standard error is the same stream that
 * systemd connected to the journal: programs also inherit $JOURNAL_STREAM when their standard error
 * goes elsewhere.
 */
export function logStyle(env: (name: string) => string | undefined, terminal: boolean): LogStyle {
  const { dev, ino } = fstatSync(2, { bigint: true });
  if (env("JOURNAL_STREAM") === `${dev}:${ino}`) return "journal";
  return terminal && !env("NO_COLOR") ? "colour" : "plain";
}

/**
 * Formats one line: level, text, and `key=value` for each field. Values with blanks or quotes become
 * JSON strings. Passwords in URLs are masked.
 */
export function formatRecord(
  { level, rawMessage, properties }: Pick<LogRecord, "level" | "rawMessage" | "properties">,
  style: LogStyle,
): string {
  const text = typeof rawMessage === "string" ? rawMessage : rawMessage.join("");
  const fields = Object.entries(properties).filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${formatFieldValue(value)}`).join("");
  const { label, priority, colour } = LEVELS[level];
  const start = {
    journal: `<${priority}>`,
    colour: `\x1b[${colour}m${label}\x1b[0m: `,
    plain: `${label}: `,
  }[style];
  return start + maskUrls(printable(text) + fields);
}

function formatFieldValue(value: unknown): string {
  if (value instanceof Error) return formatFieldValue(`${value.name}: ${errorMessage(value)}`);
  const text = typeof value === "object" ? JSON.stringify(value, bigintToString) : String(value);
  return printable(/^[^\s"=\\]+$/.test(text) ? text : JSON.stringify(text));
}

function bigintToString(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
