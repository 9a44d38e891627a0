import { button } from "./element.ts";

const DONE_SHOWN_MS = 2000;

/** Creates a button that copies a text, and says whether it did. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const created = button(label, async () => {
    created.textContent = await copy(text()) ? "Copied" : "Cannot copy here: save it instead";
    setTimeout(() => created.textContent = label, DONE_SHOWN_MS);
  });
  // So that the change is read out.
  created.setAttribute("aria-live", "polite");
  return created;
}

/** Creates a button that saves a text as a file. */
export function saveButton(
  label: string,
  { name, type, text }: {
    readonly name: string;
    readonly type: string;
    readonly text: () => string;
  },
): HTMLButtonElement {
  return button(label, () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text()], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), DONE_SHOWN_MS);
  });
}

/** Copies a text, and tells whether the browser allowed it. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
