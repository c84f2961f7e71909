import type { ConnectionView } from "../gen/ConnectionView";
import type { Failure } from "../gen/Failure";

/** What keeps messages from reaching a connection, if something is known to, and what the person can do about it. */
export type Standing =
  | { readonly kind: "signed_out"; readonly failure: Failure }
  | { readonly kind: "waiting"; readonly failure: Failure; readonly until: number }
  | { readonly kind: "disabled" };

/** How it stands with a connection; `null` where the next message may well arrive. */
export function standing({ disabled, session, state }: ConnectionView): Standing | null {
  if (disabled) return { kind: "disabled" };
  const phase = session?.phase;
  if (phase?.type === "signed_out") return { kind: "signed_out", failure: phase.failure };
  if (phase?.type === "waiting") return { kind: "waiting", failure: phase.failure, until: phase.until };
  // Where no server makes sessions, the last request tells.
  if (phase !== undefined || state.type !== "failing") return null;
  const { code } = state.failure;
  return code === "signed_out" || code === "unauthorized"
    ? { kind: "signed_out", failure: state.failure }
    : null;
}
