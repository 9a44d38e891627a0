import { element } from "../element.ts";
import { apiAddress, type LiveQuestion } from "./live_question.ts";

/** The answers that can be saved, each with its formats. */
const EXPORTS: readonly (readonly [type: string, title: string, formats: readonly string[]])[] = [
  ["count", "Sightings", ["html", "stix", "csv"]],
  ["related", "Related values", ["html", "stix", "csv", "gexf", "dot"]],
  ["threatrank", "ThreatRanks", ["html", "stix", "csv", "gexf", "dot"]],
];

const FORMATS: { readonly [format: string]: string } = {
  html: "page",
  stix: "STIX 2.1",
  csv: "CSV",
  gexf: "GEXF",
  dot: "DOT",
};

/** Links that save the answers of a question for other programs. */
export function exportLinks(question: LiveQuestion): HTMLElement {
  const rows = EXPORTS.map(([type, title, formats]) =>
    element(
      "div",
      { role: "group", "aria-label": title },
      element("span", { class: "note" }, title),
      ...formats.map((format) =>
        element("a", {
          href: apiAddress("export", question, { type, format }),
          download: "",
          "aria-label": `${title} as ${FORMATS[format]}`,
        }, FORMATS[format])
      ),
    )
  );
  return element(
    "details",
    { class: "exports" },
    element("summary", {}, "Export"),
    ...rows,
  );
}
