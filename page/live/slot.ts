import { button, type Content, element } from "../element.ts";

/**
 * A place for what the server is asked for: it says that it waits, then shows the content, or why
 * there is none, with a button to ask again.
 */
export function slot(what: string, load: () => Promise<readonly Content[]>): HTMLElement {
  const place = element("div", { class: "slot" });
  const fill = async () => {
    place.replaceChildren(element("p", { class: "note waiting", role: "status" }, `${what} …`));
    try {
      place.replaceChildren(...(await load()).filter((each) => each !== undefined));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      const reason = error instanceof Error ? error.message : String(error);
      place.replaceChildren(element(
        "p",
        { role: "alert", class: "fault" },
        `${what}: there is no answer. ${reason} `,
        button("Try again", fill),
      ));
    }
  };
  fill();
  return place;
}
