import type { ShownItem, ThreadState } from "../state/thread";

/** The item whose questions can be answered now, if there is one; only the newest can. */
export function openQuestions(thread: ThreadState | null): ShownItem | null {
  const isOpen = ({ body }: ShownItem) =>
    body.kind === "structured_input" && body.status === "pending" && body.is_open;
  return thread?.items.findLast(isOpen) ?? null;
}
