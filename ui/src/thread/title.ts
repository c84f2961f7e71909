import type { ThreadView } from "../gen/ThreadView";

/** What a thread is called before it has a title. */
export const UNTITLED = "New conversation";

/** The title to show for a thread. */
export function titleOf(thread: Pick<ThreadView, "title">): string {
  return thread.title?.trim() || UNTITLED;
}
