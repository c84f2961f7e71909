import type { ConnectionState } from "../gen/ConnectionState";
import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { FailureCode } from "../gen/FailureCode";
import type { SessionPhase } from "../gen/SessionPhase";

/** What a connection waits for: to be signed in, or for the session that is made with that. */
export type Part = "sign_in" | "session";

/** What keeps messages from reaching a connection, if something is known to, and what the person can do about it. */
export type Standing =
  | { readonly kind: "signed_out"; readonly failure: Failure }
  | { readonly kind: "waiting"; readonly part: Part; readonly failure: Failure; readonly until: number }
  | { readonly kind: "offline"; readonly failure: Failure; readonly again: number | null }
  | { readonly kind: "disabled" };

/** Codes of a server that was not reached: the network may be gone, or the server down. The core says the same of them. */
const OFFLINE: ReadonlySet<FailureCode> = new Set(["unreachable", "proxy_failed"]);

/** Whether a connection's server cannot be reached. The core tries it again by itself. */
export function isOffline({ disabled, state }: ConnectionView): boolean {
  return !disabled && state.type === "failing" && OFFLINE.has(state.failure.code);
}

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
  const { disabled, state, again } = connection;
  if (disabled) return { kind: "disabled" };
  const known = phases(connection);
  // Whoever is signed out has something to do; waiting goes on by itself.
  for (const { phase } of known) {
    if (phase.type === "signed_out") return { kind: "signed_out", failure: phase.failure };
  }
  // Also where its session endpoint is what cannot be reached: one state, and the core tries both.
  if (state.type === "failing" && isOffline(connection))
    return { kind: "offline", failure: state.failure, again };
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
