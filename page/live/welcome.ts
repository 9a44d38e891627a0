import { type Content, element } from "../element.ts";
import type { Session } from "./session.ts";

/** What there is before anything was asked; of an empty archive, how to fill it. */
export function welcome({ isEmpty, organisations }: Session): HTMLElement {
  const names = Object.values(organisations).sort();
  const content = names.length === 0 ? noOrganisation() : isEmpty ? howToImport(names[0]!) : [
    element("h1", { tabindex: "-1" }, "Have we seen it before?"),
    element(
      "p",
      {},
      "Paste an address, a name, a URL, a hash, an e-mail address or a CVE id, defanged or not. The " +
        "answer says how often it was seen, when and by whom, what it is connected to, and how " +
        "malicious that makes it. Of a list, a table or a whole mail, each indicator gets a row.",
    ),
    element("p", { class: "note" }, `You see the events of ${names.join(", ")}.`),
  ];
  return element("section", { class: "welcome" }, ...content);
}

function howToImport(organisation: string): Content[] {
  return [
    element("h1", { tabindex: "-1" }, "The archive is empty"),
    element("p", {}, "Import files that you have, then ask. The type is recognised:"),
    command(`archive import FILE --org ${organisation}`),
    element(
      "p",
      { class: "note" },
      "Honeypot logs (Cowrie), mail, URL feeds, lists of indicators, MISP and STIX. ",
      element("code", {}, "archive import --watch FOLDER"),
      " imports whatever arrives in a folder.",
    ),
  ];
}

function noOrganisation(): Content[] {
  return [
    element("h1", { tabindex: "-1" }, "You belong to no organisation"),
    element("p", {}, "So there is no event that you may see. Your operator adds you to one:"),
    command("report users add you@example.org --org ORGANISATION"),
  ];
}

function command(text: string): HTMLElement {
  return element("pre", { tabindex: "0", "aria-label": "Command" }, text);
}
