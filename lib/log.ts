import { fstatSync } from "node:fs";
import {
  configureSync,
  getLogger,
  type Logger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";
import { maskUrls } from "./mask.ts";
import { printable } from "./printable.ts";
import { writeText } from "./write_text.ts";

/**
 * The program's log: `log.info("Archived", {entry, raw})`. The text is constant, what varies goes
 * into fields, and neither ever holds plaintext or key bytes. Silent until {@link startLog}.
 */
export const log: Logger = getLogger("cybexp");

/** How lines are written: for the journal, or for people with or without colour. */
export type LogStyle = "journal" | "colour" | "plain";

type Level = { readonly label: string; readonly priority: number; readonly colour: number };

/** Syslog priorities (RFC 5424, table 2) and SGR colours. */
const levels: { readonly [level in LogLevel]: Level } = {
  trace: { label: "trace", priority: 7, colour: 90 },
  debug: { label: "debug", priority: 7, colour: 90 },
  info: { label: "info", priority: 6, colour: 32 },
  warning: { label: "warning", priority: 4, colour: 33 },
  error: { label: "error", priority: 3, colour: 31 },
  fatal: { label: "fatal", priority: 2, colour: 31 },
};

/** Starts writing the log to standard error, from level info or, if asked for, debug. */
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
 * The journal's style if standard error is the very stream systemd says it connected to the
 * journal: $JOURNAL_STREAM is inherited by programs whose standard error went elsewhere.
 */
export function logStyle(env: (name: string) => string | undefined, terminal: boolean): LogStyle {
  const { dev, ino } = fstatSync(2, { bigint: true });
  if (env("JOURNAL_STREAM") === `${dev}:${ino}`) return "journal";
  return terminal && !env("NO_COLOR") ? "colour" : "plain";
}

/**
 * One line: level, text, `key=value` for each field; values with blanks or quotes as JSON strings.
 * Passwords in URLs are masked.
 */
export function formatRecord(
  { level, rawMessage, properties }: Pick<LogRecord, "level" | "rawMessage" | "properties">,
  style: LogStyle,
): string {
  const text = typeof rawMessage === "string" ? rawMessage : rawMessage.join("");
  const fields = Object.entries(properties).filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${formatValue(value)}`).join("");
  const { label, priority, colour } = levels[level];
  const start = {
    journal: `<${priority}>`,
    colour: `\x1b[${colour}m${label}\x1b[0m: `,
    plain: `${label}: `,
  }[style];
  return start + maskUrls(printable(text) + fields);
}

function formatValue(value: unknown): string {
  if (value instanceof Error) return formatValue(`${value.name}: ${value.message}`);
  const text = typeof value === "object" ? JSON.stringify(value, writeBigint) : String(value);
  return printable(/^[^\s"=\\]+$/.test(text) ? text : JSON.stringify(text));
}

function writeBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
