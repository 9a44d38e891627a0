import type { PageAnswer } from "../answer.ts";
import { button, element, section } from "../element.ts";
import type { TimeWriter } from "../time.ts";
import { answerModel } from "./answer_model.ts";
import { sizeText } from "./node_text.ts";
import { OpenTree } from "./open_tree.ts";
import { Outline } from "./outline.ts";
import { Picture } from "./picture.ts";

/** Shows the graph of an answer as a picture and in words; both are opened node by node. */
export function graphSection(answer: PageAnswer, time: TimeWriter): HTMLElement | undefined {
  const model = answerModel(answer, time);
  if (model === undefined) return undefined;
  const tree = new OpenTree(model);
  const place = element("div", {
    // cytoscape adds a style of this id unless there is one: the page's policy would refuse it, and
    // its only rule is in page.css.
    id: "__________cytoscape_stylesheet",
    class: "picture",
    role: "img",
    "aria-label": "Picture of the graph; the tree beside it says the same in words",
  });
  const status = element("p", { class: "note", role: "status" });
  let picture: Picture | undefined;
  const draw = (focus: string) => {
    const rows = tree.rows();
    picture?.draw({ rows, crossLinks: tree.crossLinks(rows) }, focus);
    outline.draw(rows);
    status.textContent = sizeText(rows.length);
  };
  const actions = {
    onToggle: (id: string) => {
      tree.toggle(id);
      outline.goTo(id);
      draw(id);
    },
    onMore: (id: string) => {
      tree.showMore(id);
      draw(id);
    },
  };
  const outline = new Outline({ ...actions, onCurrent: (id) => picture?.mark(id) });
  // The picture needs the size that its place has in the document.
  requestAnimationFrame(() => {
    picture = new Picture(place, actions);
    draw(model.roots[0]!);
  });
  const tools = element(
    "div",
    { class: "tools" },
    button("Larger", () => picture?.zoom(1.3)),
    button("Smaller", () => picture?.zoom(1 / 1.3)),
    button("All", () => picture?.showAll()),
    status,
  );
  const note = answer.ranks === undefined
    ? "What leads from the value asked to others."
    : "The heaviest paths, from the ranked events back to malicious ones.";
  return section(
    { id: "graph", title: "Graph", note: `${note} Open a node by clicking it, or in the tree.` },
    tools,
    element("div", { class: "graph" }, place, outline.element),
  );
}
