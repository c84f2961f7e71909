import { useMemo } from "react";
import type { ItemId } from "../gen/ItemId";
import type { ThreadId } from "../gen/ThreadId";
import { useClient, useOpenThread } from "../state/context";
import type { Acting } from "./acting";

/** Asks the server of a thread about an item of it. What goes wrong is said by the window; it is over all the same. */
export function useActing(thread: ThreadId, item: ItemId): Acting {
  const client = useClient();
  const busy = useOpenThread((open) => open.thread !== null && open.thread.turn.phase !== "idle");
  return useMemo(
    () => ({
      busy,
      async act({ type, streaming }, payload) {
        try {
          await client.host.widgetAction(thread, item, { type, payload: payload ?? null, streaming });
        } catch (thrown) {
          client.report(thrown);
        }
      },
    }),
    [client, thread, item, busy],
  );
}
