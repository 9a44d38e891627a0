import { joinBrokenHashes } from "../indicators/broken_hash.ts";
import { decodeEntities } from "./html_text.ts";

/** The name of a field in a search, before what is compared with it: `dns.question.name : "…"`. */
const FIELD_NAME =
  /(?<![\w.@/-])(?:agent|client|cloud|container|destination|dll|dns|email|event|file|group|host|http|log|network|observer|organization|process|registry|related|rule|server|service|source|threat|tls|url|user|winlog)(?:\.[a-z_]+)*\.(?:name|id|email|domain|ip|address)(?:[ \t]*(?:[=!]?=|:)|(?=\s+(?:in|like|has)\b))/gi;
/** `*evil.example*`: stars that stand for anything around a name. */
const STARS =
  /(?<![\w*])\*(\w[\w-]*(?:\.[\w-]+)+)\*?(?![\w*])|(?<![\w.*-])([\w-]+(?:\.[\w-]+)+)\*(?![\w*])/g;
/** Line breaks and tabs as JSON and programs write them, between indicators rather than in paths. */
const ESCAPED_BREAK = /(?<=[\w\])/])\\[nrt](?:\\[nrt]){0,8}(?=[\w[(*])/g;
/** `192.0.2.x` alone on a line. */
const ANY_LAST = /^([ \t]*(?:\d{1,3}\.){3})x{1,3}(?=[ \t]*$)/gim;
/** `//example.com/a.js`: a URL of the scheme of its page. */
const NO_SCHEME = /^([ \t]*)\/\/(?=[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?\/\S*[ \t]*$)/gm;
/** `ann AT example DOT com`. */
const SPELT_AT = /(?<=\w) AT (?=[\w-]+ DOT \w)/g;

/** `192.0.2.1/192.0.2.2`: two addresses, of which the second is not a mask. */
const SLASH_BETWEEN =
  /(?<![\w.:/-])((?:\d{1,3}\.){3}\d{1,3})\/(?!255\.|0\.)(?=(?:\d{1,3}\.){3}\d{1,3}(?![\w.:/-]))/g;
/** `192.0.2.1, .2, .3`: further addresses by their last number. */
const LAST_NUMBERS =
  /(?<![\w.:/-])((?:\d{1,3}\.){3})\d{1,3}(?:\s?[,/&]\s?\.\d{1,3}(?![\w.])){1,254}/g;
/** `\\\\example.com` as commands name a machine. */
const MACHINE = /(?<!\S)\\\\(?=[\w-]+(?:\.[\w-]+)+(?:\s|$))/g;
/** What pages write in place of marks. */
const ENTITY = /&(?:lt|gt|quot|apos|nbsp|#\d{2,4}|#x[0-9a-f]{2,4});/i;
/** What only the source of a mail has, in which `=3D` stands for `=`. */
const QUOTED_PRINTABLE = /=(?:3D["'h]|E2=80=[89][0-9A-F]|C2=A0)/;

/** A pasted text as lists are written: without what programs, searches and people put around values. */
export function plainText(text: string): string {
  const read = decodeMarks(text);
  const lines = /:\\|^[ \t]*\\\\/m.test(read) ? read : read.replace(ESCAPED_BREAK, "\n");
  return joinBrokenHashes(lines).replace(ANY_LAST, "$10/24").replace(NO_SCHEME, "$1")
    .replace(SPELT_AT, "@").replace(SLASH_BETWEEN, "$1 ").replace(LAST_NUMBERS, wholeAddresses)
    .replace(MACHINE, "").replace(FIELD_NAME, " ")
    .replace(STARS, (_, both?: string, end?: string) => both ?? end!);
}

function wholeAddresses(all: string, network: string): string {
  return all.replace(/\s?[,/&]\s?\.(?=\d)/g, ` ${network}`);
}

/** A text with the marks themselves, if it is from the source of a page or mail. */
function decodeMarks(text: string): string {
  const mail = QUOTED_PRINTABLE.test(text) ? decodeQuoted(text) : text;
  return ENTITY.test(mail) ? decodeEntities(mail) : mail;
}

function decodeQuoted(text: string): string {
  const bytes = (encoded: string) =>
    Uint8Array.from(encoded.slice(1).split("="), (hex) => parseInt(hex, 16));
  return text.replace(/=\r?\n/g, "").replace(
    /(?:=[0-9A-F]{2})+/g,
    (encoded) => new TextDecoder().decode(bytes(encoded)),
  );
}
