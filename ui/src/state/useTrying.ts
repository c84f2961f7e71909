import { useState } from "react";
import type { ConnectionId } from "../gen/ConnectionId";
import { useClient } from "./context";

/** Asks a connection's server whether it answers by now: whether that is under way, and what begins it. */
export function useTrying(connection: ConnectionId): readonly [trying: boolean, begin: () => void] {
  const client = useClient();
  const [trying, setTrying] = useState(false);
  function begin() {
    if (trying) return;
    setTrying(true);
    client.host
      .checkConnection(connection)
      .catch((thrown: unknown) => client.report(thrown))
      .finally(() => setTrying(false));
  }
  return [trying, begin];
}
