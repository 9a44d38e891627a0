/** What the keys of a chart do. */
export type ChartActions = {
  readonly move: (by: number) => void;
  readonly toEnd: (end: "first" | "last") => void;
  readonly zoom: (factor: number) => void;
  readonly showAll: () => void;
};

/** Intervals that Page Up and Page Down skip. */
const PAGE = 10;

/** Makes a chart usable by keyboard. */
export function chartKeys(element: HTMLElement, actions: ChartActions): void {
  const { move, toEnd, zoom, showAll } = actions;
  const keys: { readonly [key: string]: () => void } = {
    ArrowLeft: () => move(-1),
    ArrowDown: () => move(-1),
    ArrowRight: () => move(1),
    ArrowUp: () => move(1),
    PageDown: () => move(-PAGE),
    PageUp: () => move(PAGE),
    Home: () => toEnd("first"),
    End: () => toEnd("last"),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    "0": showAll,
  };
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
