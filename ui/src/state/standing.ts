import type { ConnectionState } from "../gen/ConnectionState";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { SessionPhase } from "../gen/SessionPhase";

/** What a connection waits for: to be signed in, or for the session that is made with that. */
export type Part = "sign_in" | "session";

/** What keeps messages from reaching a connection, if something is known to, and what the person can do about it. */
export type Standing =
  | { readonly kind: "signed_out"; readonly failure: Failure }
  | { readonly kind: "waiting"; readonly part: Part; readonly failure: Failure; readonly until: number }
  | { readonly kind: "disabled" };

/** What has to be there before a message can go out, in the order in which it comes about. */
function phases({
  sign_in,
  session,
}: ConnectionView): { readonly part: Part; readonly phase: SessionPhase }[] {
  return [
    ...(sign_in === null ? [] : [{ part: "sign_in", phase: sign_in.session.phase } as const]),
    ...(session === null ? [] : [{ part: "session", phase: session.phase } as const]),
  ];
}

/** How it stands with a connection; `null` where the next message may well arrive. */
export function standing(connection: ConnectionView): Standing | null {
  const { disabled, state } = connection;
  if (disabled) return { kind: "disabled" };
  const known = phases(connection);
  // Whoever is signed out has something to do; waiting goes on by itself.
  for (const { phase } of known) {
    if (phase.type === "signed_out") return { kind: "signed_out", failure: phase.failure };
  }
  for (const { part, phase } of known) {
    if (phase.type === "waiting")
      return { kind: "waiting", part, failure: phase.failure, until: phase.until };
  }
  // Where nobody signs in and no server makes sessions, the last request tells.
  if (known.length > 0 || state.type !== "failing") return null;
  const { code } = state.failure;
  return code === "signed_out" || code === "unauthorized"
    ? { kind: "signed_out", failure: state.failure }
    : null;
}

/** Whether a sign-in or a session is being asked for just now. */
export function isAsking(connection: ConnectionView): boolean {
  return phases(connection).some(({ phase }) => phase.type === "fetching");
}

/** What is said of a connection in a word: whoever is signed out is not connected, whatever the last request showed. */
export function shownState(connection: ConnectionView): ConnectionState {
  const now = standing(connection);
  return now?.kind === "signed_out" ? { type: "failing", failure: now.failure } : connection.state;
}

/** Whether one signs in to a connection on a page of its provider, here or on another device. */
export function signsInOnPage({ sign_in }: ConnectionView): boolean {
  return sign_in !== null && sign_in.way !== "login";
}

/** Who is signed in, as the provider calls them; `null` if it did not say. */
export function signedInAs({ sign_in }: Pick<ConnectionView, "sign_in">): string | null {
  const said = sign_in?.session.fields.find(([name]) => name === WHO);
  return said?.[1] ?? null;
}

/** The field of a sign-in that says who is signed in. */
export const WHO = "signed_in_as";
