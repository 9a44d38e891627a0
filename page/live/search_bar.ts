import { button, element } from "../element.ts";
import type { LiveQuestion } from "./live_question.ts";

/** Kinds that are offered; any other name can be typed. */
const KINDS = (
  "asn cve domain email_addr filename hostname ipv4 ipv4_net ipv6 mac_addr md5 password port sha1 " +
  "sha256 shell_command subject url user_agent username"
).split(" ");

/** Times that are offered, by what the API calls them. */
const TIMES: readonly (readonly [last: string, label: string])[] = [
  ["", "any time"],
  ["24h", "last 24 hours"],
  ["7d", "last 7 days"],
  ["30d", "last 30 days"],
  ["365d", "last 365 days"],
];

/** Lines of the box, and their height as in page.css. */
const MOST_LINES = 6;
const LINE_PIXELS = 20;

/** Characters from which on a pasted text is inserted by us. */
const LONG_TEXT = 2000;

/** What of the time a question has set by zooming. */
const CHOSEN = "chosen";

/** The box that takes any indicator, or a list of them. */
export class SearchBar {
  readonly element: HTMLElement;
  readonly #q = element("textarea", {
    id: "q",
    rows: "1",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    placeholder: "203.0.113[.]7, hxxp://…, a name, a hash, or a list",
  });
  readonly #kind = element("input", { id: "kind", list: "kinds", autocomplete: "off" });
  readonly #time = element("select", { id: "time" });
  #asked: LiveQuestion | undefined;

  constructor(onAsk: (question: LiveQuestion) => void) {
    const submit = button("Ask", () => {}, { class: "main-action" });
    submit.type = "submit";
    const field = (id: string, label: string, control: HTMLElement) =>
      element("div", { class: `field ${id}` }, element("label", { for: id }, label), control);
    const kinds = element(
      "datalist",
      { id: "kinds" },
      ...KINDS.map((kind) => element("option", { value: kind })),
    );
    this.#kind.placeholder = "automatic";
    const form = element(
      "form",
      { class: "search", role: "search" },
      field("q", "Indicator", this.#q),
      field("kind", "Kind", this.#kind),
      field("time", "Time", this.#time),
      submit,
      kinds,
    );
    this.#q.addEventListener("input", () => this.#fit());
    this.#q.addEventListener("paste", (event) => this.#paste(event));
    this.#q.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const question = this.#question();
      if (question === undefined) this.focus();
      else onAsk(question);
    });
    this.element = form;
    this.show(undefined);
  }

  /** Shows a question, also one that came by the address. */
  show(question: LiveQuestion | undefined): void {
    this.#asked = question;
    this.#q.value = question?.q ?? "";
    this.#fit();
    this.#kind.value = question?.sub_type ?? "";
    const isChosen = question?.from !== undefined || question?.to !== undefined;
    const last = question?.last ?? "";
    const isOther = TIMES.every(([name]) => name !== last);
    const times = [
      ...TIMES,
      ...(isOther ? [[last, `last ${last}`] as const] : []),
      ...(isChosen ? [[CHOSEN, "as zoomed"] as const] : []),
    ];
    this.#time.replaceChildren(
      ...times.map(([value, label]) => element("option", { value }, label)),
    );
    this.#time.value = isChosen ? CHOSEN : last;
  }

  /** Inserts a long text at once: Chromium would take a minute for ten thousand lines. */
  #paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length < LONG_TEXT) return;
    event.preventDefault();
    this.#q.setRangeText(text, this.#q.selectionStart, this.#q.selectionEnd, "end");
    this.#fit();
  }

  /** Makes room for what is in the box, up to some lines. */
  #fit(): void {
    this.#q.rows = 1;
    const { scrollHeight, clientHeight } = this.#q;
    const more = Math.ceil((scrollHeight - clientHeight) / LINE_PIXELS);
    this.#q.rows = Math.min(MOST_LINES, 1 + Math.max(0, more));
  }

  focus(): void {
    this.#q.focus();
    this.#q.select();
  }

  #question(): LiveQuestion | undefined {
    const q = this.#q.value.trim();
    if (q === "") return undefined;
    const kind = this.#kind.value.trim();
    const isSame = q === this.#asked?.q;
    const sub_type = kind !== "" && (isSame || kind !== this.#asked?.sub_type);
    const time = this.#time.value;
    const { from, to } = this.#asked ?? {};
    const isZoomed = isSame && time === CHOSEN;
    return {
      q,
      // The kind of another value is not that of a new one, nor is the time zoomed to in its chart.
      ...(sub_type && { sub_type: kind }),
      ...(isZoomed && from !== undefined && { from }),
      ...(isZoomed && to !== undefined && { to }),
      ...(time !== CHOSEN && time !== "" && { last: time }),
    };
  }
}
