import type { AnsweringView } from "../gen/AnsweringView";
import type { ConnectionView } from "../gen/ConnectionView";
import { useApp, useView } from "../state/context";
import { answeringIn } from "./handover";

/** Which connection of a route answers in the open thread, or would answer. */
export function useAnswering(connection: ConnectionView): AnsweringView | null {
  const open = useView((view) => view.open);
  const thread = useApp((app) => (open === null ? undefined : app.threads.get(open)));
  const all = useApp((app) => app.connections);
  return answeringIn(connection, thread, all);
}
