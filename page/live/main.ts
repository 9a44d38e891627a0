/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { button, element } from "../element.ts";
import type { OnRange } from "../histogram/histogram_view.ts";
import { linkValues } from "../value_link.ts";
import { anyAnswer } from "./any_answer.ts";
import {
  type LiveQuestion,
  questionAbout,
  questionAddress,
  readLiveQuestion,
} from "./live_question.ts";
import { Refused } from "./request.ts";
import { shownText } from "../shown_text.ts";
import { endMark, isOfOther, markEntry } from "./entry_marks.ts";
import { ScrollMemory } from "./scroll_memory.ts";
import { SearchBar } from "./search_bar.ts";
import { loadSession, type Session, signInForm, signOut } from "./session.ts";
import { kindLinks, UnclearKind } from "./unclear_kind.ts";
import { welcome } from "./welcome.ts";

const bar = new SearchBar((question) => go(question));
const user = element("div", { class: "user" });
const home = element("a", { class: "home", href: "/" }, "cybexp");
const main = element("main", {});
document.body.append(
  element("div", { class: "top", role: "banner" }, home, bar.element, user),
  main,
);

let session: Session | undefined;
let asking = new AbortController();
const places = new ScrollMemory();

linkValues((value) => {
  const question = questionAbout(value);
  return question && questionAddress(question);
});

addEventListener("popstate", () => showAgain());
document.addEventListener("click", followLink);
await start();

/** Finds out who is there, and shows what the address asks. */
async function start(): Promise<void> {
  try {
    session = await loadSession();
    showAgain();
  } catch (error) {
    showFault(error);
  }
}

/** Asks another question, under its own address. */
function go(question: LiveQuestion | undefined): void {
  const address = question === undefined ? "/" : questionAddress(question);
  if (address !== location.pathname + location.search + location.hash) {
    places.save();
    history.pushState(null, "", address);
  }
  places.forget();
  show();
}

/** Shows what the address asks, as far down as it was read before. */
function showAgain(): void {
  places.restore(main);
  show();
}

/** Shows the answer to the question in the address. */
async function show(): Promise<void> {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  if (isOfOther()) history.replaceState(null, "", "/");
  if (session !== undefined) markEntry();
  const question = readLiveQuestion(location);
  bar.show(question);
  bar.element.hidden = session === undefined;
  showUser();
  const isSecret = question === undefined || session === undefined;
  document.title = isSecret ? "cybexp" : `${shownText(question.q, 80)} – cybexp`;
  if (session === undefined) return showOnly(signInForm(onSignedIn), { focus: "#token" });
  if (question === undefined) {
    showOnly(welcome(session), {});
    return bar.focus();
  }
  const hadChart = document.activeElement?.getAttribute("role") === "slider";
  showOnly(element("p", { class: "note waiting", role: "status" }, "Asking …"), {});
  try {
    const answer = await anyAnswer(question, {
      session,
      signal,
      // Zooming may settle after the reader has gone on.
      onRange: (range) => signal.aborted || onRange(range),
      focusesChart: hadChart,
    });
    if (signal.aborted) return;
    showOnly(answer, { focus: hadChart ? undefined : "h1" });
  } catch (error) {
    if (!signal.aborted) showFault(error);
  }
}

/** Asks the same of another time. */
const onRange: OnRange = (range) => {
  const { q, sub_type } = readLiveQuestion(location)!;
  const kind = sub_type === undefined ? {} : { sub_type };
  const time = range === undefined ? {} : { from: String(range.from), to: String(range.to) };
  go({ q, ...kind, ...time });
};

function onSignedIn(found: Session): void {
  session = found;
  show();
}

function showUser(): void {
  if (session === undefined) return user.replaceChildren();
  const leave = button("Sign out", async () => {
    try {
      await signOut();
      endMark();
      session = undefined;
      places.forget();
      await show();
    } catch (error) {
      showFault(error);
    }
  });
  user.replaceChildren(element("span", { class: "note" }, session.user), leave);
}

function showOnly(content: HTMLElement, { focus }: { readonly focus?: string | undefined }): void {
  main.replaceChildren(content);
  if (focus === undefined) return;
  scrollTo(0, 0);
  content.querySelector<HTMLElement>(focus)?.focus({ preventScroll: true });
}

/** Says why there is no answer; who has no session any more signs in again. */
function showFault(error: unknown): void {
  if (error instanceof Refused && error.status === 401) {
    session = undefined;
    show();
    return;
  }
  if (error instanceof UnclearKind) return showOnly(kindLinks(error), { focus: "a" });
  const reason = error instanceof Error ? error.message : String(error);
  const isWrong = error instanceof Refused && error.status === 400;
  const again = button("Try again", () => session === undefined ? start() : show());
  showOnly(
    element("p", { role: "alert", class: "fault" }, `${reason} `, isWrong ? undefined : again),
    {},
  );
}

/** Answers links to questions on this page, without loading it anew. */
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest("a");
  if (link === null || link.hasAttribute("download") || link.pathname !== "/") return;
  if (link.origin !== location.origin) return;
  event.preventDefault();
  go(readLiveQuestion(link));
}
