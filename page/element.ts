/** What an element may contain: elements, text, or nothing. */
export type Content = Node | string | undefined;

/** Creates an element. Its content is never read as HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: { readonly [name: string]: string } = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...content.filter((each) => each !== undefined));
  return created;
}

/** Creates a button. */
export function button(
  label: string,
  onClick: () => void,
  attributes: { readonly [name: string]: string } = {},
): HTMLButtonElement {
  const created = element("button", { type: "button", ...attributes }, label);
  created.addEventListener("click", onClick);
  return created;
}

/** Creates a part of the page with its heading, which also names it for assistive technology. */
export function section(
  { id, title, note }: { readonly id: string; readonly title: string; readonly note?: string },
  ...content: readonly Content[]
): HTMLElement {
  const heading = element("h2", { id: `${id}-title` }, title);
  const head = element(
    "div",
    { class: "section-head" },
    heading,
    note === undefined ? undefined : element("p", { class: "note" }, note),
  );
  return element("section", { id, "aria-labelledby": heading.id }, head, ...content);
}
