import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";
import type { FailureCode } from "../gen/FailureCode";

/** What keeps messages from reaching a connection, if something is known to, and what the person can do about it. */
export type Standing =
  | { readonly kind: "signed_out"; readonly failure: Failure }
  | { readonly kind: "waiting"; readonly failure: Failure; readonly until: number }
  | { readonly kind: "offline"; readonly failure: Failure; readonly again: number | null }
  | { readonly kind: "disabled" };

/** Codes of a server that was not reached: the network may be gone, or the server down. The core says the same of them. */
const OFFLINE: ReadonlySet<FailureCode> = new Set(["unreachable", "proxy_failed"]);

/** Whether a connection's server cannot be reached. The core tries it again by itself. */
export function isOffline({ disabled, state }: ConnectionView): boolean {
  return !disabled && state.type === "failing" && OFFLINE.has(state.failure.code);
}

/** How it stands with a connection; `null` where the next message may well arrive. */
export function standing(connection: ConnectionView): Standing | null {
  const { disabled, session, state, again } = connection;
  if (disabled) return { kind: "disabled" };
  const phase = session?.phase;
  if (phase?.type === "signed_out") return { kind: "signed_out", failure: phase.failure };
  // Also where its session endpoint is what cannot be reached: one state, and the core tries both.
  if (state.type === "failing" && isOffline(connection))
    return { kind: "offline", failure: state.failure, again };
  if (phase?.type === "waiting") return { kind: "waiting", failure: phase.failure, until: phase.until };
  // Where no server makes sessions, the last request tells.
  if (phase !== undefined || state.type !== "failing") return null;
  const { code } = state.failure;
  return code === "signed_out" || code === "unauthorized"
    ? { kind: "signed_out", failure: state.failure }
    : null;
}
