import { Building2, Terminal } from "lucide-react";
import { useState } from "react";
import { Button } from "../design/Button";
import { classes } from "../design/classes";
import type { ConnectionId } from "../gen/ConnectionId";
import type { Failure } from "../gen/Failure";
import { asFailure } from "../host/host";
import { useApp, useClient } from "../state/context";
import { bringer } from "../state/managed";
import styles from "./Connections.module.css";
import { LOCKED, LockedNote, useLocked } from "./Locked";

const css = classes(styles);

/** What somebody else than the person has a say in, at a connection or a route. */
export interface Say {
  /** Whether it cannot be removed. */
  readonly stays: boolean;
  /** Whether nothing of it can be changed here but whether it is on: the environment says the rest. */
  readonly isAsItIs: boolean;
  /** Whether it cannot be switched off or on. */
  readonly isSwitchFixed: boolean;
}

/** What the person can do with a connection or a route that may not be theirs alone. */
export function useSay(list: "connections" | "routes", id: ConnectionId): Say {
  const who = useApp((app) => bringer(app.managed, id));
  const isFixed = useLocked(list, id);
  const isAsItIs = who === "environment";
  const isSwitchFixed = useLocked(list, id, "disabled");
  return { stays: who !== null || isFixed, isAsItIs, isSwitchFixed };
}

/** Says who brings a connection or a route where it is not the person, and what follows from that. */
export function Bringer({
  list,
  id,
  noteId,
}: {
  readonly list: "connections" | "routes";
  readonly id: ConnectionId;
  /** What buttons name that cannot be pressed because of it. */
  readonly noteId: string;
}) {
  const who = useApp((app) => bringer(app.managed, id));
  const isFixed = useLocked(list, id);
  if (who === null) return isFixed ? <LockedNote id={noteId} /> : null;
  if (who === "environment") return <Environment id={id} noteId={noteId} />;
  return (
    <p id={noteId} className={css("bringer")}>
      <Building2 size={14} aria-hidden="true" />
      {isFixed ? `From your administrator. ${LOCKED}.` : "From your administrator"}
    </p>
  );
}

/** The environment's connection: where its key is, and how to keep that, or all of it. */
function Environment({ id, noteId }: { readonly id: ConnectionId; readonly noteId: string }) {
  const client = useClient();
  const environment = useApp((app) => app.managed.environment);
  const listIsFixed = useLocked("connections");
  // What was kept is switched off here: once is enough.
  const isOff = useApp((app) => app.connections.some((known) => known.id === id && known.disabled));
  const canKeep = !listIsFixed && !isOff;
  const [failure, setFailure] = useState<Failure | null>(null);
  const [keeping, setKeeping] = useState(false);

  function keepAll() {
    setFailure(null);
    setKeeping(true);
    client.host
      .keepEnvironmentConnection(id)
      .then(
        ({ name }) =>
          client.toasts.say({
            text: `${name} is a connection of your own now. The one from the environment is switched off.`,
          }),
        (thrown: unknown) => setFailure(asFailure(thrown)),
      )
      .finally(() => setKeeping(false));
  }

  function keep(connection: ConnectionId) {
    setFailure(null);
    client.host.keepEnvironmentKey(connection).then(
      () => client.toasts.say({ text: "The key is in the keychain now." }),
      (thrown: unknown) => setFailure(asFailure(thrown)),
    );
  }

  return (
    <>
      <p id={noteId} className={css("bringer")}>
        <Terminal size={14} aria-hidden="true" />
        {canKeep
          ? "From the environment, and changed only there. To change it here, keep it as your own."
          : "From the environment, and changed only there"}
      </p>
      {environment !== null && environment.key !== null && (
        <div className={css("key")}>
          <p>
            Its key is kept for this run: it stands in <code>{environment.key}</code>.
          </p>
          <Button onPress={() => keep(environment.connection)}>Keep it in the keychain</Button>
        </div>
      )}
      {canKeep && (
        <div className={css("key")}>
          <Button isDisabled={keeping} onPress={keepAll}>
            Keep as my own
          </Button>
        </div>
      )}
      {failure !== null && (
        <p className={css("wrong")} role="alert">
          {failure.message}
        </p>
      )}
    </>
  );
}
