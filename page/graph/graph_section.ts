import type { PageAnswer } from "../answer.ts";
import { button, element, section } from "../element.ts";
import type { TimeWriter } from "../time.ts";
import { answerModel } from "./answer_model.ts";
import type { GraphModel } from "./model.ts";
import { sizeText } from "./node_text.ts";
import { OpenTree } from "./open_tree.ts";
import { Outline } from "./outline.ts";
import { Picture } from "./picture.ts";

/** Shows the graph of an answer as a picture and in words. */
export function graphSection(answer: PageAnswer, time: TimeWriter): HTMLElement | undefined {
  const model = answerModel(answer, time);
  if (model === undefined) return undefined;
  const note = answer.ranks === undefined
    ? "What leads from the value asked to others."
    : "The heaviest paths, from the ranked events back to malicious ones.";
  return graphView(model, { note }).element;
}

export type GraphViewOptions = {
  readonly note: string;
  /** Adds the neighbours of a node to the model; its error is shown. */
  readonly load?: (id: string) => Promise<void>;
};

export type GraphView = {
  readonly element: HTMLElement;
  /** Shows what was added to the model. */
  readonly redraw: () => void;
};

/** Shows a graph as a picture and in words; both are opened node by node. */
export function graphView(model: GraphModel, { note, load }: GraphViewOptions): GraphView {
  const tree = new OpenTree(model);
  const place = element("div", {
    // cytoscape adds a style of this id unless there is one: the page's policy would refuse it, and
    // its only rule is in page.css.
    id: "__________cytoscape_stylesheet",
    class: "picture",
    role: "img",
    "aria-label": "Picture of the graph; the tree below it says the same in words",
  });
  const status = element("p", { class: "note", role: "status" });
  let picture: Picture | undefined;
  const draw = (focus: string) => {
    const rows = tree.rows();
    picture?.draw({ rows, crossLinks: tree.crossLinks(rows) }, focus);
    outline.draw(rows);
    status.textContent = sizeText(rows.length);
  };
  const toggle = (id: string) => {
    tree.toggle(id);
    outline.goTo(id);
    draw(id);
  };
  const open = async (id: string) => {
    status.textContent = "Asking what it is connected to …";
    try {
      await load?.(id);
      tree.openAtGlance(id);
      outline.goTo(id);
      draw(id);
    } catch (error) {
      status.textContent = `Cannot open it. ${error instanceof Error ? error.message : error}`;
    }
  };
  const actions = {
    onToggle: (id: string) => model.isUnknown(id) ? open(id) : toggle(id),
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
  const created = section(
    { id: "graph", title: "Graph", note: `${note} Open a node by clicking it, or in the tree.` },
    tools,
    element("div", { class: "graph" }, place, outline.element),
  );
  return { element: created, redraw: () => draw(model.roots[0]!) };
}
