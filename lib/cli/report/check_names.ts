import type { Command } from "commander";
import { readHostName } from "../../indicators/host_name.ts";
import { isHash } from "../../tahoe/hash.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { wrongUsage } from "./wrong_usage.ts";

/** Ends the program with exit code 2 if a text is not the e-mail address of a new user. */
export function checkEmail(text: string, command: Command): void {
  const at = text.lastIndexOf("@");
  const isAddress = /^[^\s@<>"',;:()[\]\\]+@[^\s@]+$/.test(text) &&
    readHostName(text.slice(at + 1)) !== undefined;
  if (isAddress) return;
  const [, inner] = /<([^<>\s]+@[^<>\s]+)>/.exec(text) ?? [];
  const advice = inner === undefined ? "such as analyst@example.com" : `here ${inner}`;
  wrongUsage(command, `${shellQuoted(text)} is not an e-mail address: give one, ${advice}`);
}

/**
 * Ends the program with exit code 2 if a text cannot be meant as the short name of an organisation: uploads
 * may give a hash in place of it, which stands for another organisation than one of that name.
 */
export function checkOrgname(text: string, command: Command): void {
  if (isHash(text)) {
    wrongUsage(command, `${text} is a hash: give the organisation's name (report orgs list)`);
  }
  if (text.trim() !== "" && !/[\p{Cc}]/u.test(text)) return;
  wrongUsage(command, "the name of an organisation must not be empty: give one, such as example");
}
