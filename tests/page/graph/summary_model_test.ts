import { deepEqual } from "../../assert.ts";
import type { PageQuestion, RelatedValue } from "../../../page/answer.ts";
import type { GraphModel } from "../../../page/graph/model.ts";
import { nodeText } from "../../../page/graph/node_text.ts";
import { addSummary, summaryModel } from "../../../page/graph/summary_model.ts";
import { valueKey } from "../../../page/read/read_related.ts";

const ASKED = { subType: "ipv4", data: "192.0.2.1" };
const ROOT = valueKey(ASKED);
const QUESTION: PageQuestion = { asked: ASKED, found: [], limits: [], events: 3 };

function value(subType: string, data: string, ...between: readonly string[]): RelatedValue {
  return { subType, data, path: [`${subType}=attribute`, ...between, "ipv4=attribute"] };
}

/** The nodes that are connected with one, in words. */
function around(model: GraphModel, id: string): string[] {
  return [...model.links(id)].map(({ to }) => nodeText(model.node(to), 40));
}

Deno.test("summaryModel draws what lies on the same way once", () => {
  const model = summaryModel(QUESTION, [
    { ...ASKED, path: ["ipv4=attribute"] },
    value("url", "http://a.example/", "download=event", "attacker=object"),
    value("sha256", "ab", "file=object", "download=event", "attacker=object"),
    value("domain", "a.example", "dns=event"),
  ]);
  deepEqual(model.roots, [ROOT]);
  deepEqual(around(model, ROOT), ["attacker object", "dns event"]);
  const event = `${ROOT} > attacker=object > download=event`;
  deepEqual(around(model, event), ["attacker object", "file object", "url http://a.example/"]);
});

Deno.test("summaryModel puts many values of a kind into a group", () => {
  const names = Array.from({ length: 6 }, (_, number) => `${number}.example`);
  const model = summaryModel(QUESTION, names.map((name) => value("domain", name, "dns=event")));
  deepEqual(around(model, `${ROOT} > dns=event`), ["ipv4 192.0.2.1", "domain · 6 values"]);
});

Deno.test("addSummary leaves values where they are, and connects them by lines only", () => {
  const domain = value("domain", "a.example", "dns=event");
  const model = summaryModel(QUESTION, [domain]);
  const id = valueKey(domain);
  const between = ["lookup=event", "domain=attribute"];
  addSummary(model, id, [
    { subType: "domain", data: "a.example", path: ["domain=attribute"] },
    { ...ASKED, path: ["ipv4=attribute", ...between] },
    { subType: "url", data: "http://a.example/", path: ["url=attribute", ...between] },
  ]);
  const event = `${id} > lookup=event`;
  deepEqual(around(model, id), ["dns event", "lookup event"]);
  deepEqual(around(model, event), ["domain a.example", "url http://a.example/"]);
  deepEqual([...model.crossLinks(event)], [ROOT]);
  deepEqual(around(model, ROOT), ["dns event"]);
});
