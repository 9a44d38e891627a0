/** Where the tab keeps the mark of its session, over new documents of the page. */
const KEY = "entries";

/** Marks the entry of the browser's history as one of this session. */
export function markEntry(): void {
  let mark = sessionStorage.getItem(KEY);
  if (mark === null) sessionStorage.setItem(KEY, mark = crypto.randomUUID());
  if (history.state?.mark !== mark) history.replaceState({ ...history.state, mark }, "");
}

/** Forgets the mark: entries that have it are of another session from now on. */
export function endMark(): void {
  sessionStorage.removeItem(KEY);
}

/** Whether the entry is of a session that has ended: what it asks is not shown to who comes next. */
export function isOfOther(): boolean {
  const mark: unknown = history.state?.mark;
  return mark !== undefined && mark !== sessionStorage.getItem(KEY);
}
