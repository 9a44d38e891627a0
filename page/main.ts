/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { PageAnswer } from "./answer.ts";
import { element } from "./element.ts";
import { eventsSection } from "./events_section.ts";
import { exportButtons } from "./exports.ts";
import { graphSection } from "./graph/graph_section.ts";
import { groupsSection } from "./groups_section.ts";
import { answerTitle, headElement } from "./head.ts";
import { histogramSection } from "./histogram/histogram_section.ts";
import { missingPage } from "./part.ts";
import { ranksSection } from "./ranks/ranks_section.ts";
import { readAnswer } from "./read/read_answer.ts";
import { relatedSection } from "./related/related_section.ts";
import { EMBEDDED_ANSWER } from "./source.ts";
import { TimeWriter } from "./time.ts";

try {
  show(readAnswer(await EMBEDDED_ANSWER.load()));
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  document.body.append(
    element("main", {}, element("p", { role: "alert" }, `Cannot show the answer. ${reason}`)),
  );
}

function show(answer: PageAnswer): void {
  document.title = `${answerTitle(answer)} – cybexp`;
  const time = new TimeWriter(answer.zone);
  const sections = [
    histogramSection(answer),
    ranksSection(answer, time),
    relatedSection(answer),
    eventsSection(answer, time),
    groupsSection(answer),
    graphSection(answer, time),
  ];
  document.body.append(
    element(
      "main",
      {},
      headElement(answer, time),
      exportButtons(answer),
      missingPage(answer),
      ...sections,
    ),
  );
}
