import type { ConnectionView } from "../gen/ConnectionView";
import type { ThreadStatus } from "../gen/ThreadStatus";
import { toolOf } from "./tools/tool";

/** What stands in the field as long as nothing is written. */
export function placeholder(
  status: ThreadStatus,
  connection: ConnectionView | null,
  tool: string | null,
  fresh: boolean,
): string {
  if (status.type === "locked") return status.reason ?? "This conversation takes no messages at the moment.";
  if (connection === null)
    return fresh
      ? "Add a connection in the settings first"
      : "The connection of this conversation was removed";
  const { profile, name } = connection;
  return toolOf(profile, tool)?.placeholderOverride ?? profile?.placeholder ?? `Message ${name}`;
}
