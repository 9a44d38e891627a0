import { button, element } from "../element.ts";
import { objectOf } from "../read/fields.ts";
import { Refused, request } from "./request.ts";

/** Whose browser this is. */
export type Session = {
  /** E-mail address. */
  readonly user: string;
  /** Names of the organisations whose events the user sees, by hash. */
  readonly organisations: { readonly [hash: string]: string };
  /** Whether nothing is archived yet. */
  readonly isEmpty: boolean;
};

/**
 * Asks whose browser this is; undefined if nobody has signed in.
 *
 * @throws {Refused} when the server does not say.
 */
export async function loadSession(): Promise<Session | undefined> {
  try {
    const fields = await request("/session");
    return fields["user"] === null ? undefined : readSession(fields);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return undefined;
    throw error;
  }
}

function readSession(fields: Awaited<ReturnType<typeof request>>): Session {
  const names = Object.entries(objectOf(fields["organisations"]));
  return {
    user: String(fields["user"]),
    organisations: Object.fromEntries(names.map(([hash, name]) => [hash, String(name)])),
    isEmpty: fields["empty"] === true,
  };
}

/** Ends the session. */
export async function signOut(): Promise<void> {
  await request("/session", { method: "DELETE" });
}

/** Asks for a token, until one is right. */
export function signInForm(onSignedIn: (session: Session) => void): HTMLElement {
  const token = element("input", {
    id: "token",
    type: "password",
    autocomplete: "current-password",
    required: "",
    "aria-describedby": "token-help",
  });
  const fault = element("p", { role: "alert", class: "fault" });
  const submit = button("Sign in", () => {}, { class: "main-action" });
  submit.type = "submit";
  const form = element(
    "form",
    { class: "sign-in" },
    // Browsers keep a password with a name.
    element("input", { type: "text", autocomplete: "username", value: "cybexp", hidden: "" }),
    element("label", { for: "token" }, "Token"),
    token,
    submit,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      const body = { token: token.value.trim() };
      onSignedIn(readSession(await request("/session", { method: "POST", body })));
    } catch (error) {
      fault.textContent = error instanceof Refused && error.status === 401
        ? "Cannot sign in: this token is not valid here. Copy all of it, without blanks"
        : `Cannot sign in. ${error instanceof Error ? error.message : error}`;
      token.focus();
    } finally {
      submit.disabled = false;
    }
  });
  return element(
    "section",
    { class: "welcome", "aria-labelledby": "sign-in-title" },
    element("h1", { id: "sign-in-title", tabindex: "-1" }, "Sign in"),
    form,
    fault,
    element(
      "p",
      { class: "note", id: "token-help" },
      "Your operator prints a token for you: ",
      element("code", {}, "report users token you@example.org"),
      ". It stays in this browser until you sign out or the server is started again.",
    ),
  );
}
