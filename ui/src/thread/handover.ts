import type { AnsweringView } from "../gen/AnsweringView";
import type { ConnectionView } from "../gen/ConnectionView";
import type { ThreadView } from "../gen/ThreadView";

/** That another connection of the route answers from here on, and why. */
export function handoverWords(to: string, why: string | null): string {
  return why === null ? `${to} answers from here on.` : `${to} answers from here on: ${why}.`;
}

/**
 * Which connection of a route answers, and why: in a thread the one that did so last, before that the one that is asked
 * first. Nothing for a connection that answers itself, and where nobody can.
 */
export function answeringIn(
  connection: ConnectionView,
  thread: Pick<ThreadView, "answering"> | undefined,
  all: readonly ConnectionView[],
): AnsweringView | null {
  const { route } = connection;
  if (route === undefined || route === null) return null;
  if (thread?.answering) return thread.answering;
  const answers = all.find(({ id }) => id === route.answers);
  return answers === undefined ? null : { name: answers.name, why: route.why };
}
