import { useEffect, useState } from "react";
import type { ConnectionId } from "../../gen/ConnectionId";
import type { Entity } from "../../gen/Entity";
import { asFailure } from "../../host/host";
import { useClient } from "../../state/context";

/** How long the person has to pause before a server is asked, in milliseconds. */
const PAUSE_MS = 200;

/** What a server has found. */
export interface Found {
  readonly entities: readonly Entity[];
  readonly busy: boolean;
  /** Why nothing was found, in words. */
  readonly failure: string | null;
}

const NOTHING: Found = { entities: [], busy: false, failure: null };

/** Asks a connection's server what can be mentioned; nobody is asked without one, or without words. */
export function useFound(connection: ConnectionId | null, query: string | null): Found {
  const { host } = useClient();
  const [found, setFound] = useState(NOTHING);
  useEffect(() => {
    if (connection === null || query === null) {
      setFound(NOTHING);
      return;
    }
    // What was found for fewer letters stays until there is something else: a list that empties with every key flickers.
    setFound((before) => ({ ...before, busy: true, failure: null }));
    let wanted = true;
    const settle = (next: Found) => {
      if (wanted) setFound(next);
    };
    const timer = setTimeout(() => {
      host.searchEntities(connection, query).then(
        (entities) => settle({ entities, busy: false, failure: null }),
        (thrown: unknown) => settle({ entities: [], busy: false, failure: asFailure(thrown).message }),
      );
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [host, connection, query]);
  return found;
}
