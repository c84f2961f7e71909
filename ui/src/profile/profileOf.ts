import type { ConnectionId } from "../gen/ConnectionId";
import type { ProfileView } from "../gen/ProfileView";
import type { AppState } from "../state/app";
import { connectionOf } from "../state/connectionOf";
import { useApp, useView } from "../state/context";

/** What a connection says of how its conversations look and what they offer; nothing where all is as Kittiwake has it. */
export function profileOf(
  { connections }: Pick<AppState, "connections">,
  connection: ConnectionId | undefined,
): ProfileView | null {
  return connections.find(({ id }) => id === connection)?.profile ?? null;
}

/** The profile of the connection that the window is about. */
export function useProfile(): ProfileView | null {
  const view = useView((state) => state);
  return useApp((app) => connectionOf(app, view)?.profile ?? null);
}

/** What can be done with a conversation from outside it. */
export interface Rights {
  readonly rename: boolean;
  readonly remove: boolean;
}

/** What can be done with the conversations of a connection. */
export function useRights(connection: ConnectionId | undefined): Rights {
  return {
    rename: useApp((app) => profileOf(app, connection)?.no_rename !== true),
    remove: useApp((app) => profileOf(app, connection)?.no_delete !== true),
  };
}
