import type { ConnectionView } from "../gen/ConnectionView";
import type { AppState } from "./app";
import type { ViewState } from "./client";

/** The connection that the window is about: the open thread's, the chosen one, or the first. */
export function connectionOf(app: AppState, view: ViewState): ConnectionView | null {
  const wanted = view.open === null ? view.chosen : app.threads.get(view.open)?.connection;
  const found = app.connections.find((connection) => connection.id === wanted);
  // What was switched off is not begun with, and still belongs to its conversations.
  if (found !== undefined && (view.open !== null || !found.disabled)) return found;
  return view.open === null ? (app.connections.find((connection) => !connection.disabled) ?? null) : null;
}
